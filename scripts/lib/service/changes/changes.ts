import { titlesOf } from "../../plan/step.ts";
import { MAIN } from "../../settings/config-files.ts";
import type { Settings } from "../../settings/settings.ts";
import type { DeployPlan } from "../deploy/plan-deploy.ts";
import { isOwnedByCloudDeploy } from "../ownership.ts";
import { type Pins, pinsOfRevision } from "../pins.ts";
import { findMain, findServing } from "../serving.ts";
import type { State } from "../state/state.ts";
import { type DiffLine, diffLines } from "./line-diff.ts";

/** What a deploy would change; `plan --json` prints it. */
export interface Changes {
  env: string;
  project: string;
  region: string;
  service: string;
  /** Whether something serves that is compared with. */
  isDeployed: boolean;
  /** Whether the service is changed by a release, and not by a deploy. */
  byRelease: boolean;
  fields: FieldChange[];
  config: ConfigChange | null;
  /** What lies beside the config and changes. */
  files: FileChange[];
  /** Of whoever made the revision that serves past this project. */
  byHand: { revision: string; by: string | null } | null;
  /** What somebody added by hand, and the next revision will not have. */
  dropped: string[];
  /** What an earlier run left half done. */
  found: string[];
  /** Titles, in their order. */
  steps: string[];
}

export interface FieldChange {
  path: string;
  /** Null: it is not set. */
  from: unknown;
  to: unknown;
  /** It was changed by hand, and a deploy puts it back. */
  byHand: boolean;
}

export interface ConfigChange {
  from: string;
  to: string;
  /** Null where the caller may not read the one that serves. */
  lines: DiffLine[] | null;
}

/** Of a file that is new or is gone one of the aliases is null. */
export interface FileChange {
  name: string;
  from: string | null;
  to: string | null;
  lines: DiffLine[] | null;
}

/** What stands in the files that are to be compared, by name; undefined: it cannot be read. */
export interface Texts {
  serving: Readonly<Record<string, string | undefined>>;
  wanted: Readonly<Record<string, string>>;
}

/** `texts`: only where lines are asked for. */
export function toChanges(
  settings: Settings,
  state: State,
  planned: DeployPlan,
  texts?: Texts,
): Changes {
  const { env, projectId: project, region, service } = settings;
  const { differences = [], byHand, dropped, found } = planned;
  const pins = findServingPins(state);
  const to = planned.pins.configVersion;
  return {
    env,
    project,
    region,
    service,
    isDeployed: planned.differences !== undefined,
    byRelease:
      state.service !== undefined && isOwnedByCloudDeploy(state.service),
    fields: differences.map(({ path, actual, desired }) => ({
      path,
      from: actual ?? null,
      to: desired ?? null,
      byHand: byHand?.paths.includes(path) === true,
    })),
    config:
      pins === undefined || pins.config.version === to
        ? null
        : { from: pins.config.version, to, lines: diffFile(MAIN, texts) },
    files:
      pins === undefined
        ? []
        : listFileChanges(pins.files, planned.pins.configFiles, texts),
    byHand: byHand
      ? { revision: byHand.revision, by: byHand.by ?? null }
      : null,
    dropped,
    found,
    steps: titlesOf(planned.plan),
  };
}

/** What the revision that serves reads; undefined: nothing serves, or it reads no config. */
export function findServingPins({
  service,
  revisions,
}: State): Pins | undefined {
  if (service === undefined) return undefined;
  const revision = findMain(findServing(service, revisions), revisions);
  if (revision === undefined) return undefined;
  const pins = pinsOfRevision(revision.spec);
  return pins.config.secret === "" ? undefined : pins;
}

function listFileChanges(
  serving: Pins["files"],
  wanted: Pins["files"] = {},
  texts: Texts | undefined,
): FileChange[] {
  const names = new Set([...Object.keys(serving), ...Object.keys(wanted)]);
  return [...names]
    .filter((name) => serving[name] !== wanted[name])
    .sort()
    .map((name) => ({
      name,
      from: serving[name] ?? null,
      to: wanted[name] ?? null,
      lines: diffFile(name, texts),
    }));
}

function diffFile(name: string, texts: Texts | undefined): DiffLine[] | null {
  if (texts === undefined) return null;
  const { serving, wanted } = texts;
  const isUnread = name in serving && serving[name] === undefined;
  return isUnread ? null : diffLines(serving[name] ?? "", wanted[name] ?? "");
}

export function isUnchanged({
  fields,
  config,
  files,
  steps,
}: Changes): boolean {
  const counts = [fields.length, files.length, steps.length];
  return config === null && counts.every((count) => count === 0);
}
