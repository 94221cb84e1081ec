import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Under which a figure was measured. */
export interface Circumstances {
  /** ISO 8601. */
  began: string;
  machine: string;
  /** Load average over a minute, before the first figure of the run: what comes later is the bench's own. */
  load: number;
  commit: string;
  command: string;
}

/** Below it, nobody else was at work on the machine. */
const QUIET = 0.5;

export function readCircumstances(options: readonly string[]): Circumstances {
  const [busy = NaN] = loadavg();
  const gib = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? "unknown";
  const more = options.length > 0 ? ` -- ${options.join(" ")}` : "";
  return {
    began: new Date().toISOString(),
    machine: `${availableParallelism()} cores (${model}), ${gib} GiB`,
    load: busy,
    commit: readCommit(),
    command: `npm run bench:serve${more}`,
  };
}

/** `… 2026-11-28, commit e66998e; load average 0.3 before the run.` */
export function describeCircumstances(measured: Circumstances): string {
  const { began, load, commit, command } = measured;
  const loud =
    load > QUIET
      ? " The machine was not quiet: an instance had a part of its core only. CPU times hold; rates at a full core are less than they would be, and so are their ratios to what waits for Gemini most of the time."
      : "";
  return `Measured ${began.slice(0, 16).replace("T", " ")} UTC, commit ${commit}, \`${command}\`; load average ${load.toFixed(1)} before the run.${loud}`;
}

function readCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no");
  const commit = git("rev-parse", "--short", "HEAD");
  return changed === "" ? commit : `${commit} with changes`;
}
