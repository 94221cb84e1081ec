import { UserError } from "../cli/errors.ts";
import { readAuditLog } from "../google/commands/logging.ts";
import { listRevisions, updateTraffic } from "../google/commands/run.ts";
import { formatCommand } from "../google/gcloud.ts";
import { parseJson } from "../google/parse-json.ts";
import { CREATOR, type Revision, type Service } from "../manifest/knative.ts";
import type { GcloudEffects, Step } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import type { ServiceEffects } from "./effects.ts";
import { intentOf, tagFor } from "./intent.ts";
import { type Serving, isOfAttempt } from "./serving.ts";
import type { State } from "./state/state.ts";

const LAST_MODIFIER = "serving.knative.dev/lastModifier";

/** The step, which stops where somebody wrote the service since `generation` (0: there was none). */
export function onGeneration(
  step: Step<ServiceEffects>,
  generation: number,
): Step<ServiceEffects> {
  return {
    ...step,
    guard: async ({ readService }) => {
      refuseChanged(generation, await readService());
    },
  };
}

/**
 * The step, which stops where the traffic is not what it was planned on, or the
 * candidate lost its tag. Another run's candidate at 0 % beside it is no reason.
 */
export function whileServing(
  step: Step<ServiceEffects>,
  { targets }: Serving,
  { tag, revision }: { tag: string; revision: string },
): Step<ServiceEffects> {
  return {
    ...step,
    guard: async ({ readService }) => {
      const service = await readService();
      if (service === undefined) throw removedMeanwhile();
      const traffic = service.status?.traffic ?? [];
      const now = traffic.filter((t) => (t.percent ?? 0) > 0);
      const isAsPlanned =
        now.length === targets.length &&
        targets.every((planned) =>
          now.some(
            (t) =>
              t.revisionName === planned.revisionName &&
              t.percent === planned.percent,
          ),
        );
      const hasTag = traffic.some(
        (t) => t.tag === tag && t.revisionName === revision,
      );
      if (isAsPlanned && hasTag) return;
      const why = isAsPlanned
        ? `the tag ${tag} was taken from ${revision}`
        : "the traffic was moved";
      throw changedMeanwhile(service, why);
    },
  };
}

/** Throws UserError where another revision got the traffic right after ours did. */
export function requireServing(
  revision: string,
  service: Service | undefined,
): void {
  if (service === undefined) throw removedMeanwhile();
  const traffic = service.status?.traffic ?? [];
  const others = traffic.filter(
    (t) => (t.percent ?? 0) > 0 && t.revisionName !== revision,
  );
  if (others.length === 0) return;
  throw changedMeanwhile(
    service,
    `it gave the traffic to ${others.map((t) => t.revisionName ?? "?").join(", ")} right after this run gave it to ${revision}`,
  );
}

function refuseChanged(planned: number, service: Service | undefined): void {
  if ((service?.metadata.generation ?? 0) === planned) return;
  if (service === undefined) throw removedMeanwhile();
  const { generation } = service.metadata;
  throw changedMeanwhile(
    service,
    `it is at generation ${String(generation)}, planned was ${String(planned)}`,
  );
}

function removedMeanwhile(): UserError {
  return new UserError("somebody else removed the service at the same time", {
    hint: "Run it again to make it anew.",
  });
}

/** `why`: what of it is not as planned. */
function changedMeanwhile({ metadata, spec }: Service, why: string): UserError {
  const { name, annotations } = metadata;
  const traffic = (spec.traffic ?? [])
    .filter((t) => (t.percent ?? 0) > 0)
    .map((t) => `${t.revisionName ?? "latest"} ${String(t.percent)} %`);
  return new UserError(
    [
      `somebody else changed service ${name} at the same time: ${why}.`,
      `  ${annotations?.[LAST_MODIFIER] ?? "somebody"} was the last to write it; traffic: ${traffic.join(", ")}`,
      "This run stopped before it wrote over that.",
    ].join("\n"),
    { hint: "Run it again: it plans anew from what is there." },
  );
}

/**
 * gcloud puts its own fresh resourceVersion into what it writes, so it does
 * not notice a change since the plan. The generation does: it must be the
 * planned one plus one. Otherwise our write went over somebody else's: throws
 * UserError with who changed what, and the command that brings it back.
 * `did`: what this run did, `wrote revision … over that change`.
 */
export async function checkGeneration(
  { gcloud }: GcloudEffects,
  planned: { settings: Settings; state: State; did: string },
  written: Service,
): Promise<void> {
  const { settings, state, did } = planned;
  const expected = (state.service?.metadata.generation ?? 0) + 1;
  const { generation } = written.metadata;
  if (generation === expected) return;
  const list = listRevisions(settings);
  const listed = await gcloud(list).catch(() => "");
  const revisions = parseJson(list, listed || "[]") as Revision[];
  const own = written.spec.template.metadata?.name ?? "";
  const known = [own, ...state.revisions.map((r) => r.metadata.name)];
  const theirs = revisions.filter((r) => !known.includes(r.metadata.name));
  await giveTagsBack(gcloud, settings, theirs, expected);
  throw new UserError(
    [
      `somebody else changed service ${settings.service} at the same time: it is at generation ${String(generation)}, planned was ${String(expected)}.`,
      ...describeChange(written, revisions, theirs),
      `This run ${did} and moved no traffic since.`,
    ].join("\n"),
    { hint: describeRestore(settings, theirs) },
  );
}

/** Our write took the tag of another run's candidate, which that run is about to verify. */
async function giveTagsBack(
  gcloud: GcloudEffects["gcloud"],
  settings: Settings,
  theirs: readonly Revision[],
  generation: number,
): Promise<void> {
  const candidates = theirs.filter((r) => isOfAttempt(settings, r));
  if (candidates.length === 0) return;
  const updateTags = Object.fromEntries(
    candidates.map((revision) => {
      const { name } = revision.metadata;
      const attempt = name.slice(settings.service.length + 1);
      return [tagFor(intentOf(revision), generation, attempt), name];
    }),
  );
  // Where the other run has ended meanwhile, it has told so itself.
  await gcloud(updateTraffic(settings, { updateTags })).catch(() => "");
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
    return "That is another deploy of this project. Run this one again when it is done.";
  }
  const log = formatCommand(readAuditLog(settings));
  return `Who it was: ${log}\n  To bring their traffic back: ${command}`;
}
