import { addGrant } from "../google/commands/policies.ts";
import { bashExpression, formatCommand, toRead } from "../google/gcloud.ts";
import type { ServiceId } from "../google/places.ts";
import type { Service } from "../manifest/knative.ts";

/** Whether Cloud Run lets callers with an identity in only: its invoker check is on. */
export function asksForIdentity({ metadata }: Service): boolean {
  const disabled =
    metadata.annotations?.["run.googleapis.com/invoker-iam-disabled"];
  return disabled?.toLowerCase() !== "true";
}

/** Whom a service lets in; undefined: there is none. */
export type Lets = "everybody" | "identities" | undefined;

export function whomItLets(service: Service | undefined): Lets {
  if (service === undefined) return undefined;
  return asksForIdentity(service) ? "identities" : "everybody";
}

/** What lets whoever pastes it call the service. */
export function grantInvoker({
  projectId,
  region,
  service: name,
}: ServiceId): string {
  const account = bashExpression("$(gcloud config get account)");
  const grant = addGrant({
    on: { kind: "service", projectId, region, name },
    role: "roles/run.invoker",
    member: `user:${account}`,
  });
  return formatCommand(toRead(grant));
}
