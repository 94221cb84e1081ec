import type { Plan } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import { findServing, isProtected } from "./serving.ts";
import type { State } from "./state/state.ts";

const INGRESS = "run.googleapis.com/ingress";

/**
 * For people, before anything is written: from where the plan's verification can
 * reach the service at all. A candidate comes up behind the ingress that the
 * service has; where nothing serves, behind that of the settings. What ingress
 * lets in: Cloud Run docs, "Restrict network ingress".
 */
export function describeReach(
  plan: Plan<never>,
  { ingress }: Pick<Settings, "ingress">,
  { service, revisions }: State,
): string[] {
  if (plan.length === 0) return [];
  const serves =
    service !== undefined &&
    isProtected(findServing(service, revisions), revisions);
  const now = serves
    ? (service.metadata.annotations?.[INGRESS] ?? "all")
    : ingress;
  if (now !== "all") {
    return [
      `note: ingress is ${now}: calls from the internet find no service, so the verification fails`,
      "  unless this command runs on a machine inside the project's VPC network",
    ];
  }
  if (ingress !== "all") {
    return [
      `note: ingress becomes ${ingress} with the traffic: from then on only a machine inside the`,
      "  project's VPC network can verify, and deploy again",
    ];
  }
  return [];
}
