import { titlesOf } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { DeployPlan } from "../deploy/plan-deploy.ts";
import { isOwnedByCloudDeploy } from "../ownership.ts";
import { type Pin, pinsOfRevision } from "../pins.ts";
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

interface ConfigChange {
  from: string;
  to: string;
  /** Null where the caller may not read the one that serves. */
  lines: DiffLine[] | null;
}

/** `texts`: of the config that serves and of the one in the folder, where they are to be compared. */
export function toChanges(
  settings: Settings,
  state: State,
  planned: DeployPlan,
  texts: { serving?: string | undefined; wanted?: string } = {},
): Changes {
  const { env, projectId: project, region, service } = settings;
  const { differences = [], byHand, dropped, found } = planned;
  const pin = findServingConfig(state);
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
      pin === undefined || pin.version === to
        ? null
        : {
            from: pin.version,
            to,
            lines:
              texts.serving === undefined || texts.wanted === undefined
                ? null
                : diffLines(texts.serving, texts.wanted),
          },
    byHand: byHand
      ? { revision: byHand.revision, by: byHand.by ?? null }
      : null,
    dropped,
    found,
    steps: titlesOf(planned.plan),
  };
}

/** The secret and the version of it that serves; undefined: nothing does, or it reads none. */
export function findServingConfig({
  service,
  revisions,
}: State): Pin | undefined {
  if (service === undefined) return undefined;
  const revision = findMain(findServing(service, revisions), revisions);
  if (revision === undefined) return undefined;
  const { config } = pinsOfRevision(revision.spec);
  return config.secret === "" ? undefined : config;
}

export function isUnchanged({ fields, config, steps }: Changes): boolean {
  return fields.length === 0 && config === null && steps.length === 0;
}
