import type { ApiCall, ReadApi } from "../google/rest.ts";
import type { Settings } from "../settings/settings.ts";
import {
  FOR_A_BUDGET,
  type Spot,
  TASKS,
  listNeeds,
  listSecrets,
  nameSpot,
} from "./permissions.ts";
import { type Seen, look } from "./seen.ts";

/** What the caller may, by `nameSpot`. Whatever is held on the project counts below it, too. */
export type Held = ReadonlyMap<string, Seen<ReadonlySet<string>>>;

/** Asks the project for all permissions, and each resource for its own. Nobody needs a permission to ask. */
export async function readHeld(
  read: ReadApi,
  settings: Settings,
): Promise<Held> {
  const all = TASKS.flatMap((task) => listNeeds(task, settings));
  const spots: Spot[] = [
    { kind: "project" },
    { kind: "account" },
    { kind: "service" },
    ...listSecrets(settings).map((name) => ({ kind: "secret" as const, name })),
  ];
  const held = await Promise.all(
    spots.map(async (spot) => {
      const name = nameSpot(spot);
      const asked = all.filter(
        ({ on }) => spot.kind === "project" || nameSpot(on) === name,
      );
      const permissions = [
        ...new Set([
          ...asked.map((need) => need.permission),
          ...(spot.kind === "project" ? FOR_A_BUDGET : []),
        ]),
      ];
      const call = toCall(spot, settings);
      return [name, await look(test(read, call, permissions))] as const;
    }),
  );
  return new Map(held);
}

async function test(
  read: ReadApi,
  { api, path }: Pick<ApiCall, "api" | "path">,
  permissions: string[],
): Promise<ReadonlySet<string>> {
  if (permissions.length === 0) return new Set();
  const answer = (await read({
    api,
    path: `${path}:testIamPermissions`,
    body: { permissions },
  })) as { permissions?: string[] } | undefined;
  // There is no such resource yet, or its API is not enabled: what the project gives is all.
  return new Set(answer?.permissions);
}

function toCall(spot: Spot, settings: Settings): Pick<ApiCall, "api" | "path"> {
  const { projectId, region, service, serviceAccount } = settings;
  const project = `v1/projects/${projectId}`;
  switch (spot.kind) {
    case "project":
      return { api: "cloudresourcemanager", path: project };
    case "account":
      return {
        api: "iam",
        path: `${project}/serviceAccounts/${serviceAccount}`,
      };
    case "service":
      return {
        api: "run",
        path: `${project}/locations/${region}/services/${service}`,
      };
    case "secret":
      return {
        api: "secretmanager",
        path: `${project}/secrets/${spot.name}`,
      };
  }
}
