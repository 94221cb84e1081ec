import {
  type ConfigFiles,
  describeConfigFiles,
  listDifferent,
} from "../../manifest/config-items.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { formatAge, formatTable } from "../../cli/table.ts";
import { wrapBeside } from "../../cli/wrap.ts";
import type { Revision } from "../../manifest/knative.ts";
import { titlesOf } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import { listKeyChanges, pinsOfRevision } from "../pins.ts";
import type { State } from "../state/state.ts";
import { findRevisionObstacle, listEarlier } from "./choose-revision.ts";
import type { RollbackPlan } from "./plan-rollback.ts";
import {
  type RevisionSummary,
  formatVersions,
  summarizeRevision,
} from "./revision-summary.ts";
import { findSource } from "./rollback-source.ts";

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
    revision,
    reasons,
    steps: titlesOf(plan),
  };
}

/** For people, before anything happens: from → to, what differs marked. `width`: columns of the terminal. */
export function describeRollback(
  { from, to, revision, reasons }: RollbackOutcome,
  width: number,
): string {
  const rows: [string, string, string][] = [
    ["revision", from.revision, to.revision],
    ["image", from.image, to.image],
    ["config", from.configVersion, to.configVersion],
    ...toFileRow(from.configFiles, to.configFiles),
    ...toClientsRow(from.clientKeys, to.clientKeys),
    ["sizes", formatSizes(from), formatSizes(to)],
  ];
  const lines = rows.flatMap(([name, before, after]) =>
    before === after
      ? [`  ${name.padEnd(9)} ${before} (the same)`]
      : [`  ${name.padEnd(9)} ${before}`, `  ${" ".repeat(6)} →  ${after}`],
  );
  const why = reasons.flatMap((reason) => wrapBeside("  - ", reason, width));
  return [
    "Roll back:",
    ...lines,
    ...(why.length === 0 ? [] : [`As a new revision, ${revision}:`, ...why]),
  ].join("\n");
}

function toFileRow(
  from: ConfigFiles = {},
  to: ConfigFiles = {},
): [string, string, string][] {
  if (Object.keys({ ...from, ...to }).length === 0) return [];
  const before = describeConfigFiles(from, to);
  return [["files", before, describeConfigFiles(to, from)]];
}

function toClientsRow(
  from: string | null,
  to: string | null,
): [string, string, string][] {
  if (from === null && to === null) return [];
  const describe = (secret: string | null) =>
    secret === null ? "no keys of their own" : `keys of secret ${secret}`;
  return [["clients", describe(from), describe(to)]];
}

/** For people, at the end. */
export function describeDone({
  env,
  revision,
  from,
  steps,
}: RollbackOutcome): string {
  if (steps.length === 0) return `\nNothing to do: ${revision} serves.`;
  const undo = scriptCommand("rollback", env, `--to=${from.revision}`);
  return `
Done: ${revision} serves.
The next deploy brings back what envs/ and config/ say: mend them first.
Undo: ${undo}`;
}

export function listRollbacks(settings: Settings, state: State): RollbackList {
  const { from } = findSource(settings, state);
  const earlier = listEarlier(settings, state, from.metadata.name);
  return {
    env: settings.env,
    serving: summarizeRevision(from),
    candidates: earlier.map((revision) => ({
      ...summarizeRevision(revision),
      note: [
        describeReturn(settings, state, revision),
        describeOtherFiles(revision, from),
        describeOtherClients(revision, from),
      ]
        .filter(Boolean)
        .join("; "),
    })),
  };
}

/** What keeps it from coming back, or what changes when it does. */
function describeReturn(
  settings: Settings,
  state: State,
  revision: Revision,
): string {
  const pins = pinsOfRevision(revision.spec);
  const changes = listKeyChanges(settings, state, pins);
  return (
    findRevisionObstacle(settings, state, revision) ??
    changes.map((change) => change.reason).join("; ")
  );
}

/** The column CONFIG tells nothing of what lies beside the config. */
function describeOtherFiles(revision: Revision, serving: Revision): string {
  const others = listDifferent(
    pinsOfRevision(revision.spec).files,
    pinsOfRevision(serving.spec).files,
  );
  return others.length === 0 ? "" : `other ${others.join(", ")}`;
}

function describeOtherClients(revision: Revision, serving: Revision): string {
  const { clientKeys } = pinsOfRevision(revision.spec);
  if (clientKeys === pinsOfRevision(serving.spec).clientKeys) return "";
  return clientKeys === undefined ? "without client keys" : "with client keys";
}

/** A table, the serving revision first. `width`: columns of the terminal. `now` is in milliseconds. */
export function formatRollbacks(
  list: RollbackList,
  { width, now }: { width: number; now: number },
): string {
  const rows = [{ ...list.serving, note: "serves" }, ...list.candidates].map(
    (r) => [
      r.revision,
      formatAge(now - Date.parse(r.created)),
      r.image,
      r.configVersion,
      formatVersions(r),
      r.note,
    ],
  );
  const head = ["REVISION", "AGE", "IMAGE", "CONFIG", "KEY", "NOTE"];
  return formatTable([head, ...rows], width);
}

function formatSizes(r: RevisionSummary): string {
  return `${r.cpu} CPU, ${r.memory}, ${String(r.concurrency)} requests at once, ${String(r.timeout)} s`;
}
