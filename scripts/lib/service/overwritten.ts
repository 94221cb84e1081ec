import { UserError } from "../cli/errors.ts";
import { readServiceAudit } from "../google/commands/logging.ts";
import { listRevisions, updateTraffic } from "../google/commands/run.ts";
import { formatCommand } from "../google/gcloud.ts";
import { parseJson } from "../google/parse-json.ts";
import { CREATOR, type Revision, type Service } from "../manifest/knative.ts";
import type { GcloudEffects } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import { LAST_MODIFIER } from "./foreign-change.ts";
import { isOurTag } from "./intent.ts";
import { isOfAttempt } from "./serving.ts";
import type { State } from "./state/state.ts";

/** A whole service that was written. */
export interface WholeWrite {
  settings: Settings;
  /** What it was planned on. */
  state: State;
  manifest: Service;
}

/**
 * gcloud puts its own fresh resourceVersion into what it writes, so it does
 * not notice a change since the plan. The generation does: it must be the
 * planned one plus one. Otherwise our write went over somebody else's, unless
 * theirs came after it. So of two candidates the first goes on; where nothing
 * served, the last, which has the traffic. Throws UserError with who changed
 * what, and the command that brings it back.
 */
export async function refuseOverwritten(
  { gcloud }: GcloudEffects,
  write: WholeWrite,
  written: Service,
): Promise<void> {
  const { settings, state, manifest } = write;
  const expected = (state.service?.metadata.generation ?? 0) + 1;
  const { generation } = written.metadata;
  if (generation === expected || isWrittenAfter(manifest, written)) return;
  const list = listRevisions(settings);
  const listed = await gcloud(list).catch(() => "");
  const revisions = parseJson(list, listed || "[]") as Revision[];
  const own = nameOf(manifest);
  const known = [own, ...state.revisions.map((r) => r.metadata.name)];
  const theirs = revisions.filter((r) => !known.includes(r.metadata.name));
  const areRuns = theirs.every((r) => isOfAttempt(settings, r));
  if (theirs.length > 0 && areRuns && takesTraffic(manifest)) return;
  throw new UserError(
    [
      `somebody else changed service ${settings.service} at the same time: it is at generation ${String(generation)}, planned was ${String(expected)}.`,
      ...describeChange(written, revisions, theirs),
      `This run wrote revision ${own} over that change and moved no traffic since.`,
    ].join("\n"),
    { hint: describeRestore(settings, theirs) },
  );
}

/** Whether its revision serves at once, because nothing did. */
export function takesTraffic({ spec }: Service): boolean {
  const own = spec.template.metadata?.name;
  return (spec.traffic ?? []).some(
    ({ revisionName, percent }) => revisionName === own && percent === 100,
  );
}

/** A write of the whole service brings its revision and leaves no tag of another run: what is not so came later. */
function isWrittenAfter(manifest: Service, written: Service): boolean {
  if (nameOf(written) !== nameOf(manifest)) return true;
  const tags = tagsOf(manifest);
  return tagsOf(written).some((tag) => isOurTag(tag) && !tags.includes(tag));
}

function nameOf({ spec }: Service): string {
  return spec.template.metadata?.name ?? "";
}

function tagsOf({ spec }: Service): string[] {
  return (spec.traffic ?? []).flatMap(({ tag }) => tag ?? []);
}

function describeChange(
  written: Service,
  revisions: Revision[],
  theirs: Revision[],
): string[] {
  const lastModifier = written.metadata.annotations?.[LAST_MODIFIER];
  const creators = revisions.map((r) => r.metadata.annotations?.[CREATOR]);
  const after = lastModifier !== undefined && !creators.includes(lastModifier);
  return [
    ...theirs.map(
      ({ metadata }) =>
        `  ${metadata.annotations?.[CREATOR] ?? "somebody"} made revision ${metadata.name} at ${metadata.creationTimestamp ?? "the same time"}`,
    ),
    ...(theirs.length === 0
      ? [
          "  No revision appeared: the traffic or a service setting was changed.",
        ]
      : []),
    ...(after ? [`  ${lastModifier} was the last to write the service.`] : []),
  ];
}

/** What appeared says what to bring back; traffic that was overwritten leaves no trace but in the audit log. */
function describeRestore(settings: Settings, theirs: Revision[]): string {
  const newest = theirs.find((r) => !isOfAttempt(settings, r));
  const to = newest?.metadata.name ?? "REVISION";
  const command = formatCommand(updateTraffic(settings, { to }));
  if (newest !== undefined) return `To bring their revision back: ${command}`;
  if (theirs.length > 0) {
    return "That is another run of this project, and goes on. Run this one again when it is done.";
  }
  const log = formatCommand(readServiceAudit(settings));
  return `Who it was: ${log}\n  To bring their traffic back: ${command}`;
}
