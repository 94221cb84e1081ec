import { readFileSync } from "node:fs";
import { ApiError } from "../../google/api-error.ts";
import { UserError } from "../../cli/errors.ts";
import type { DeployPlan } from "../deploy/plan-deploy.ts";
import type { Session } from "../session.ts";
import type { State } from "../state/state.ts";
import { type Changes, findServingConfig, toChanges } from "./changes.ts";

/** Reads the config that serves, where it is another one, and says what changes. */
export async function readChanges(
  session: Session,
  state: State,
  planned: DeployPlan,
): Promise<Changes> {
  const { settings } = session;
  const pin = findServingConfig(state);
  const isOther =
    pin !== undefined && pin.version !== planned.pins.configVersion;
  return toChanges(settings, state, planned, {
    serving: isOther ? await readServed(session, pin) : undefined,
    wanted: readFileSync(settings.config, "utf8"),
  });
}

/** Undefined where the caller may not read it, or it is gone. */
async function readServed(
  { read, settings }: Session,
  { secret, version }: { secret: string; version: string },
): Promise<string | undefined> {
  const path = `v1/projects/${settings.projectId}/secrets/${secret}/versions/${version}:access`;
  try {
    const found = (await read({ api: "secretmanager", path })) as
      { payload: { data: string } } | undefined;
    return found && Buffer.from(found.payload.data, "base64").toString("utf8");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A version that was disabled or destroyed is a 400.
    if (error instanceof ApiError && error.status < 500) return undefined;
    throw error;
  }
}
