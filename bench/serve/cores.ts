import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

const CLIENT_CORE = 0;
const INSTANCE_CORE = 1;

/** Holds a command to the core of the instances (util-linux, `taskset`). */
export const INSTANCE_LAUNCHER: readonly string[] = [
  ...["taskset", "--cpu-list", String(INSTANCE_CORE)],
];

/** Gives a command all cores, though this process has but one. */
export const ANY_CORE_LAUNCHER: readonly string[] = [
  ...["taskset", "--cpu-list", `0-${availableParallelism() - 1}`],
];

/** Holds this process, with client, front end and Gemini, to a core of its own. Throws where there is but one. */
export function holdClientToCore(): void {
  if (availableParallelism() < 2) {
    throw new Error("bench:serve needs two cores: one for the instance alone");
  }
  const core = ["--all-tasks", "--cpu-list", "--pid", String(CLIENT_CORE)];
  execFileSync("taskset", [...core, String(process.pid)], { stdio: "ignore" });
}
