import { CREATOR } from "../manifest/knative.ts";
import { findMainRevision, findServing } from "./serving.ts";
import type { State } from "./state/state.ts";

/** What the last run completed, when and by whom; for people, before the next one changes it. */
export function describeServing({ service, revisions }: State): string[] {
  if (service === undefined) return [];
  const name = findMainRevision(findServing(service, revisions));
  const revision = revisions.find((r) => r.metadata.name === name);
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
