import type { RunService } from "./state.ts";

type Switch = "default-url-disabled" | "invoker-iam-disabled";

/** Whether a service has set the annotation `run.googleapis.com/…` to true. */
export function isSet(
  { annotations }: Pick<RunService, "annotations">,
  name: Switch,
): boolean {
  return annotations[`run.googleapis.com/${name}`]?.toLowerCase() === "true";
}

/** Who may call: `all`, `internal` or `internal-and-cloud-load-balancing`. */
export function readIngress({
  annotations,
}: Pick<RunService, "annotations">): string {
  return annotations["run.googleapis.com/ingress"] ?? "all";
}

/** What else, apart from its URLs, an identity token for the service may name as its audience. */
export function readCustomAudiences({
  annotations,
}: Pick<RunService, "annotations">): string[] {
  const json = annotations["run.googleapis.com/custom-audiences"] ?? "[]";
  return JSON.parse(json) as string[];
}
