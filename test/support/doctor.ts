import { expect } from "vitest";
import type { Project } from "../../emulator/core/cloud.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "./emulator.ts";
import { expectDone } from "./expect-done.ts";
import { type Workspace, makeWorkspace } from "./workspace.ts";

export interface Row {
  check: string;
  state: "ok" | "warning" | "problem";
  detail: string;
  mend: string | null;
}

/** A rehearsal in which env local is deployed. */
export interface Patient {
  emulator: TestEmulator;
  workspace: Workspace;
  project: () => Project;
  /** Runs doctor, which must not write: no request but GET, a question about permissions, and counting. */
  ask: (
    args?: readonly string[],
    env?: Record<string, string>,
  ) => Promise<Finished & { rows: Row[] }>;
  close: () => Promise<void>;
}

export async function openPatient(): Promise<Patient> {
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  const workspace = await makeWorkspace(emulator);
  expectDone(await workspace.script("deploy.ts"));
  return {
    emulator,
    workspace,
    project: () => emulator.cloud.project("demo-litellm"),
    ask: async (args = ["local"], env = {}) => {
      const before = emulator.exchanges.length;
      const run = await workspace.script("doctor.ts", [...args, "--json"], {
        env,
      });
      const writes = emulator.exchanges
        .slice(before)
        .filter(({ method }) => method !== "GET")
        .map(({ path: asked }) => asked.replace(/^.*:/, ":"));
      const reads = ["/token", ":testIamPermissions", ":countTokens"];
      expect(writes.filter((verb) => !reads.includes(verb))).toEqual([]);
      const rows = run.stdout === "" ? [] : (JSON.parse(run.stdout) as Row[]);
      return { ...run, rows };
    },
    close: async () => {
      await emulator.close();
      await workspace.remove();
    },
  };
}

/** Those that are not ok, as `state check: detail | mend`. */
export function troubles(rows: readonly Row[]): string[] {
  return rows
    .filter(({ state }) => state !== "ok")
    .map(
      ({ check, state, detail, mend }) =>
        `${state} ${check}: ${detail} | ${mend ?? ""}`,
    );
}
