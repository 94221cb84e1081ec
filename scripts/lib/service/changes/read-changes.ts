import { readFileSync } from "node:fs";
import { ApiError } from "../../google/api-error.ts";
import { readVersion } from "../../google/secret-versions.ts";
import { UserError } from "../../cli/errors.ts";
import type { DeployPlan } from "../deploy/plan-deploy.ts";
import type { Session } from "../session.ts";
import type { State } from "../state/state.ts";
import type { ConfigContent } from "../../litellm-config/config-content.ts";
import { MAIN } from "../../settings/config-files.ts";
import { type Changes, findServingPins, toChanges } from "./changes.ts";

/** By name. */
type Versions = Readonly<Record<string, string>>;

/** Reads those files of the config that serve and are others now, and says what changes. */
export async function readChanges(
  session: Session,
  state: State,
  planned: DeployPlan,
  config: ConfigContent,
): Promise<Changes> {
  const { settings } = session;
  const { config: pin, files = {} } = findServingPins(state) ?? {};
  const { configVersion, configFiles = {} } = planned.pins;
  const here: Versions = { [MAIN]: configVersion, ...configFiles };
  const there: Versions =
    pin === undefined ? {} : { [MAIN]: pin.version, ...files };
  const serving = Object.entries(there)
    .filter(([name, version]) => here[name] !== version)
    .map(async ([name, version]) => {
      const { secret = "" } = pin ?? {};
      return [name, await readServed(session, { secret, version })] as const;
    });
  const wanted = [
    [MAIN, config] as const,
    ...Object.entries(config.others ?? {}),
  ].map(
    ([name, { file, text = readFileSync(file, "utf8") }]) =>
      [name, text] as const,
  );
  return toChanges(settings, state, planned, {
    serving: Object.fromEntries(await Promise.all(serving)),
    wanted: Object.fromEntries(wanted),
  });
}

/** Undefined where the caller may not read it, or it is gone. */
async function readServed(
  { read, settings }: Session,
  { secret, version }: { secret: string; version: string },
): Promise<string | undefined> {
  try {
    const { projectId } = settings;
    const content = await readVersion(read, projectId, secret, version);
    return content?.toString();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A version that was disabled or destroyed is a 400.
    if (error instanceof ApiError && error.status < 500) return undefined;
    throw error;
  }
}
