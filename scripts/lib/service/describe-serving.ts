import { CREATOR } from "../manifest/knative.ts";
import { findMain, findServing } from "./serving.ts";
import type { Plan } from "../plan/step.ts";
import type { State } from "./state/state.ts";

/** What the last run completed, when and by whom; for people, before this plan changes it. */
export function describeServing(
  plan: Plan<never>,
  { service, revisions }: State,
): string[] {
  if (plan.length === 0 || service === undefined) return [];
  const revision = findMain(findServing(service, revisions), revisions);
  if (revision === undefined) return [];
  const { creationTimestamp, annotations } = revision.metadata;
  const when = creationTimestamp?.replace(/^(.{10})T(.{8}).*$/, "$1 $2 UTC");
  const whom = annotations?.[CREATOR];
  const made = `${when === undefined ? "" : ` ${when}`}${whom === undefined ? "" : ` by ${whom}`}`;
  return [
    `Serves now: ${revision.metadata.name}`,
    ...(made === "" ? [] : [`  made${made}`]),
  ];
}
