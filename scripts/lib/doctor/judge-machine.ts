import {
  logIn,
  runDiagnostics,
  updateComponents,
} from "../google/commands/machine.ts";
import { GcloudError, formatCommand } from "../google/gcloud.ts";
import { type Finding, ok, problem, unlooked, warning } from "./finding.ts";
import type { Machine } from "./machine.ts";

/** The oldest gcloud that this was tried with. */
const TRIED = 528;

/** Google refuses a token request that is signed more than a few minutes off (OAuth for service accounts, "invalid_grant"). */
const MOST_MINUTES = 5;

export function judgeMachine(machine: Machine): Finding[] {
  return [
    judgeGcloud(machine),
    judgeLogin(machine),
    judgeClock(machine),
    judgeNetwork(machine),
  ];
}

function judgeGcloud({ gcloud }: Machine): Finding {
  const check = "gcloud";
  if ("reason" in gcloud) {
    const { message, hint = "" } = gcloud.reason;
    return problem(check, message, hint);
  }
  const { value: version } = gcloud;
  if (Number.parseInt(version, 10) >= TRIED) return ok(check, version);
  return warning(
    check,
    `${version}: this project was tried with ${TRIED} and newer`,
    formatCommand(updateComponents()),
  );
}

function judgeLogin({ context, gcloud, properties }: Machine): Finding {
  const check = "login";
  const { account = "" } = properties.core ?? {};
  if ("value" in context) {
    const impersonated = properties.auth?.impersonate_service_account;
    return ok(
      check,
      [
        account === "" ? "by a token, without the name of an account" : account,
        impersonated && `as ${impersonated}`,
      ]
        .filter(Boolean)
        .join(", "),
    );
  }
  if ("reason" in gcloud) {
    return warning(check, "could not be looked at: there is no gcloud to ask");
  }
  const { reason } = context;
  const said = reason instanceof GcloudError ? reason.stderr : reason.message;
  const mend = isLoggedOut(said) ? logIn() : runDiagnostics();
  return problem(check, firstLine(reason.message), formatCommand(mend));
}

/** gcloud's words for no account, a login that ended, and one that was taken back. */
function isLoggedOut(said: string): boolean {
  return /auth login|no credential|Reauthentication|invalid_grant/i.test(said);
}

function judgeClock({ clock }: Machine): Finding {
  const check = "clock";
  if ("reason" in clock) return unlooked(check, clock.reason);
  if (clock.value === undefined) {
    return warning(check, "could not be looked at: the answer tells no time");
  }
  const seconds = Math.round(Math.abs(clock.value) / 1000);
  const where = clock.value > 0 ? "ahead of" : "behind";
  if (seconds < MOST_MINUTES * 60) {
    const detail =
      seconds < 2 ? "as Google's" : `${seconds} s ${where} Google's`;
    return ok(check, detail);
  }
  return problem(
    check,
    `${Math.round(seconds / 60)} minutes ${where} Google's: tokens are refused`,
    "Set it by the network's time; on Linux: sudo timedatectl set-ntp true",
  );
}

function judgeNetwork({ clock, network }: Machine): Finding {
  const check = "network";
  const set =
    network.length === 0
      ? "no proxy, no certificates of your own"
      : network.join(", ");
  if ("value" in clock) return ok(check, set);
  return problem(
    check,
    `${clock.reason.message} (${set})`,
    formatCommand(runDiagnostics()),
  );
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? text;
}
