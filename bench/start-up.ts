import path from "node:path";
import { neutralEnvironment } from "../test/support/environment.ts";
import { type Row, summarizeAlone } from "./report.ts";
import { timeRun } from "./timed-run.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const LAUNCHED = [process.execPath, "--import", "./launch.js"];

/** What is waited for before a script does anything; Node alone is the least that it can be. */
const COMMANDS = {
  "node -e 0": [process.execPath, "-e", "0"],
  "deploy.ts --help": [...LAUNCHED, "scripts/deploy.ts", "--help"],
  "  by npx tsx": ["npx", "tsx", "scripts/deploy.ts", "--help"],
  "validate.ts": [...LAUNCHED, "scripts/validate.ts"],
  "  by npm run": ["npm", "run", "validate"],
};

/** Times each command `count` times, in turns, after one round that fills the caches. */
export async function timeStartUp(count: number): Promise<Row[]> {
  const seconds = new Map<string, number[]>();
  for (let number = 0; number <= count; number += 1) {
    for (const [name, command] of Object.entries(COMMANDS)) {
      const env = neutralEnvironment();
      const timed = await timeRun(command, { cwd: ROOT, env });
      if (number === 0) continue;
      seconds.set(name, [...(seconds.get(name) ?? []), timed.seconds]);
    }
  }
  return [...seconds].map(([name, times]) => summarizeAlone(name, times));
}
