import { readPages } from "../../google/pages.ts";
import type { ReadApi } from "../../google/rest.ts";
import { readEnabledApis } from "../state/read-project.ts";
import {
  FEDERATION_APIS,
  type Federated,
  type Federation,
  type FederationState,
  type PoolState,
  type ProviderState,
} from "./federation.ts";

/** By the list, which needs less than the pool itself: `roles/iam.securityReviewer` has it. */
export async function readFederation(
  read: ReadApi,
  { projectId, pool }: Federation,
  federated: Federated,
): Promise<FederationState> {
  const location = `v1/projects/${projectId}/locations/global/workloadIdentityPools`;
  const query = { showDeleted: "true" };
  const [enabledApis, pools, providers] = await Promise.all([
    readEnabledApis(read, projectId, FEDERATION_APIS),
    readPages<PoolState>(read, {
      api: "iam",
      path: location,
      field: "workloadIdentityPools",
      query,
    }),
    readPages<ProviderState>(read, {
      api: "iam",
      path: `${location}/${pool}/providers`,
      field: "workloadIdentityPoolProviders",
      query,
    }),
  ]);
  return {
    ...federated,
    enabledApis,
    pool: pools.find(({ name }) => name.endsWith(`/${pool}`)),
    providers,
  };
}
