import { listTargets } from "./choose-revision.ts";
import type { RollbackPlan } from "./plan-rollback.ts";
import { findObstacle, listKeyChanges } from "../revision-pins.ts";
import { type RevisionSummary, summarizeRevision } from "./revision-summary.ts";
import { findSource } from "./rollback-source.ts";
import { stepsOf } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { State } from "../state/state.ts";
import { wrapText } from "../../cli/wrap.ts";

/** What a rollback ends with; `--json` prints it. */
export interface RollbackOutcome {
  env: string;
  project: string;
  region: string;
  service: string;
  from: RevisionSummary;
  to: RevisionSummary;
  /** What serves: `to`, or a new revision in its place. */
  revision: string;
  /** Why there is a new one. */
  reasons: string[];
  steps: string[];
}

/** What can be gone back to; `--list --json` prints it. */
export interface RollbackList {
  env: string;
  serving: RevisionSummary;
  candidates: (RevisionSummary & { note: string })[];
}

export function toOutcome(
  settings: Settings,
  { plan, from, to, revision, reasons }: RollbackPlan,
): RollbackOutcome {
  return {
    env: settings.env,
    project: settings.projectId,
    region: settings.region,
    service: settings.service,
    from: summarizeRevision(from),
    to: summarizeRevision(to),
    ...{ revision, reasons },
    steps: stepsOf(plan).map((step) => step.title),
  };
}

/** For people, before anything happens: from → to, what differs marked. */
export function describeRollback({
  from,
  to,
  revision,
  reasons,
}: RollbackOutcome): string {
  const rows: [string, string, string][] = [
    ["revision", from.revision, to.revision],
    ["image", from.image, to.image],
    ["config", from.configVersion, to.configVersion],
    ["sizes", formatSizes(from), formatSizes(to)],
  ];
  const lines = rows.flatMap(([name, before, after]) =>
    before === after
      ? [`  ${name.padEnd(9)} ${before} (the same)`]
      : [`  ${name.padEnd(9)} ${before}`, `  ${" ".repeat(6)} →  ${after}`],
  );
  const why = reasons.flatMap((reason) =>
    wrapText(reason, 76).map(
      (line, i) => `${i === 0 ? "  - " : "    "}${line}`,
    ),
  );
  return [
    "Roll back:",
    ...lines,
    ...(why.length === 0 ? [] : [`As a new revision, ${revision}:`, ...why]),
  ].join("\n");
}

export function listRollbacks(settings: Settings, state: State): RollbackList {
  const { from } = findSource(settings, state);
  const targets = listTargets(settings, state, from.metadata.name);
  return {
    env: settings.env,
    serving: summarizeRevision(from),
    candidates: targets.map((target) => ({
      ...summarizeRevision(target),
      note:
        findObstacle(settings, state, target) ??
        listKeyChanges(settings, state, target.spec)
          .map((change) => change.reason)
          .join("; "),
    })),
  };
}

/** A table, the serving revision first. `now` is in milliseconds. */
export function formatRollbacks(list: RollbackList, now: number): string {
  const rows = [{ ...list.serving, note: "serves" }, ...list.candidates].map(
    (r) => [
      r.revision,
      formatAge(now - Date.parse(r.created)),
      r.image,
      r.configVersion,
      [r.masterKeyVersion, r.geminiKeyVersion ?? []].flat().join("+"),
      r.note,
    ],
  );
  return formatTable([
    ["REVISION", "AGE", "IMAGE", "CONFIG", "KEY", "NOTE"],
    ...rows,
  ]);
}

/** Rows as wide as the widest cell of each column; the first one is the head. */
export function formatTable(table: readonly (readonly string[])[]): string {
  const widths = table[0]?.map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function formatSizes(r: RevisionSummary): string {
  return `${r.cpu} CPU, ${r.memory}, ${String(r.concurrency)} requests at once, ${String(r.timeout)} s`;
}

export function formatAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${String(hours)} h`
    : `${String(Math.floor(hours / 24))} d`;
}
