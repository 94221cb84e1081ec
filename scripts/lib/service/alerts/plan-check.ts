import * as commands from "../../google/commands/monitoring.ts";
import { type Step, gcloudStep, removalStep } from "../../plan/step.ts";
import type { Settings } from "../../settings/settings.ts";
import type { CheckState } from "./alerts-state.ts";
import { labelsOf, nameOf } from "./labels.ts";

/** Served without a key. */
const HEALTH_PATH = "/health/liveliness";

/** Minutes between two checks. Each starts an instance where none is up, so they come less often then. */
const CHECKED_EVERY = { whereNoneIsKeptUp: 15, otherwise: 5 };

/** A check of another host is another check: the host of one cannot be changed. */
export function planCheck(
  settings: Settings,
  host: string | undefined,
  checks: readonly CheckState[],
): { wanted: Step[]; surplus: Step[] } {
  const found = checks.find((check) => hostOf(check) === host);
  const others = checks.filter(
    (check) => check !== found || host === undefined,
  );
  const surplus = others.map((check) => deleteCheck(settings, check));
  if (host === undefined) return { wanted: [], surplus };
  const check = toCheck(settings, host);
  if (found === undefined) {
    const command = commands.createCheck(settings, check);
    const title = `Create uptime check of https://${host}${check.path}`;
    return { wanted: [gcloudStep(title, command)], surplus };
  }
  if (isAsChecked(found, check)) return { wanted: [], surplus };
  const command = commands.updateCheck(settings, found.name, check);
  const title = `Set uptime check of https://${host}${check.path}`;
  return { wanted: [gcloudStep(title, command)], surplus };
}

function toCheck(settings: Settings, host: string): commands.UptimeCheck {
  return {
    displayName: nameOf(settings),
    host,
    path: HEALTH_PATH,
    minutes:
      settings.minInstances === "0"
        ? CHECKED_EVERY.whereNoneIsKeptUp
        : CHECKED_EVERY.otherwise,
    userLabels: labelsOf(settings),
  };
}

function isAsChecked(
  { period, timeout, disabled, httpCheck }: CheckState,
  { path, minutes }: commands.UptimeCheck,
): boolean {
  return (
    period === `${String(minutes * 60)}s` &&
    timeout === `${String(commands.CHECK_TIMEOUT)}s` &&
    disabled !== true &&
    httpCheck?.path === path &&
    httpCheck.useSsl === true &&
    httpCheck.validateSsl === true
  );
}

export function deleteCheck(settings: Settings, check: CheckState): Step {
  return removalStep(
    `Delete uptime check of ${hostOf(check) ?? check.name}`,
    commands.deleteCheck(settings, check.name),
  );
}

function hostOf({ monitoredResource }: CheckState): string | undefined {
  return monitoredResource?.labels?.host;
}
