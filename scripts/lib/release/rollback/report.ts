import type { Returns } from "./choose-return.ts";
import type { TargetRollbackPlan } from "./plan-target-rollback.ts";
import { type Reasons, listReasons, parametersOf } from "../release-pins.ts";
import { titlesOf } from "../../plan/step.ts";
import { listDifferent } from "../../manifest/config-items.ts";
import { formatAge, formatTable } from "../../cli/table.ts";
import type { Settings } from "../../settings/settings.ts";
import { readRelease } from "../read-releases.ts";
import { type Release, releaseOf } from "../release-state.ts";
import type { State } from "../../service/state/state.ts";
import {
  type ReleaseSummary,
  describeMove,
  summarizeRelease,
} from "../describe-move.ts";
import type { PipelineSession } from "../../pipeline/session.ts";
import type { PipelinePlace } from "../../pipeline/place.ts";

/** As many as anybody reads. */
const MOST_LISTED = 10;

/** What a rollback through Cloud Deploy ends with; `--json` prints it. */
export interface TargetRollbackOutcome {
  env: string;
  pipeline: string;
  project: string;
  region: string;
  from: ReleaseSummary;
  to: ReleaseSummary;
  /** What serves: `to`, or a new release in its place. */
  release: string;
  rollout: string;
  /** Why there is a new one. */
  reasons: string[];
  steps: string[];
}

interface ListedReturn extends ReleaseSummary {
  /** ISO 8601. */
  created: string;
  note: string;
}

export function toTargetOutcome(
  { env }: Settings,
  { pipeline, projectId, region }: PipelinePlace,
  found: { from: Release; to: Release; planned: TargetRollbackPlan },
): TargetRollbackOutcome {
  const { plan, rollout, reasons } = found.planned;
  return {
    env,
    pipeline,
    project: projectId,
    region,
    from: summarizeRelease(found.from, env),
    to: summarizeRelease(found.to, env),
    release: rollout.release,
    rollout: rollout.rollout,
    reasons,
    steps: titlesOf(plan),
  };
}

export function describeTargetRollback({
  env,
  from,
  to,
  release,
  reasons,
}: TargetRollbackOutcome): string {
  const why = reasons.map((reason) => `  - ${reason}`);
  return [
    describeMove(`Roll ${env} back:`, from, to),
    ...(why.length === 0 ? [] : [`As a new release, ${release}:`, ...why]),
  ].join("\n");
}

/** What the target has, then what it can go back to. */
export async function toListedReturns(
  { read, place }: PipelineSession,
  settings: Settings,
  state: State,
  { latest, releases }: Returns,
): Promise<ListedReturn[]> {
  const now = releaseOf(latest);
  const names = [now, ...releases.slice(0, MOST_LISTED)];
  const found = await Promise.all(
    names.map((name) => readRelease(read, place, name)),
  );
  const listed = found.flatMap((release) =>
    release === undefined
      ? []
      : [{ release, summary: summarizeRelease(release, settings.env) }],
  );
  const serving = listed[0]?.summary.configFiles ?? {};
  return listed.map(({ release, summary }) => {
    const created = release.createTime ?? "";
    if (summary.release === now) {
      const note =
        latest.state === "SUCCEEDED"
          ? "serves"
          : `is rolled out: ${latest.state.toLowerCase().replace("_", " ")}`;
      return { ...summary, created, note };
    }
    const parameters = parametersOf(release, settings.env);
    const reasons = describeReasons(listReasons(settings, state, parameters));
    // The column CONFIG tells nothing of these.
    const others = listDifferent(summary.configFiles ?? {}, serving);
    const other = others.length === 0 ? "" : `other ${others.join(", ")}`;
    const note = [reasons, other].filter(Boolean).join("; ");
    return { ...summary, created, note };
  });
}

/** `width`: columns of the terminal. `now` is in milliseconds. */
export function formatReturns(
  listed: readonly ListedReturn[],
  { width, now }: { width: number; now: number },
): string {
  const rows = [
    ["RELEASE", "AGE", "IMAGE", "CONFIG", "NOTE"],
    ...listed.map((r) => [
      r.release,
      formatAge(now - Date.parse(r.created)),
      r.image.replace(/@sha256:(.{12}).*$/, "@$1"),
      r.configVersion,
      r.note,
    ]),
  ];
  return formatTable(rows, width);
}

function describeReasons({ obstacle, deadKeys }: Reasons): string {
  return obstacle ?? deadKeys.join("; ");
}
