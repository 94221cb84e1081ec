import type { Command } from "../gcloud.ts";

// About gcloud on this machine, for the operator to run.

export function logIn(): Command {
  return { args: ["auth", "login"] };
}

export function updateComponents(): Command {
  return { args: ["components", "update"] };
}

/** Network and proxy. */
export function runDiagnostics(): Command {
  return { args: ["info", "--run-diagnostics"] };
}
