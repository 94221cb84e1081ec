import path from "node:path";
import { neutralEnvironment } from "../test/support/environment.ts";
import { type Row, summarizeAlone, summarizeBeside } from "./report.ts";
import { timeRun } from "./timed-run.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const LAUNCHED = [process.execPath, "--import", "./launch.js"];

const NODE = "node -e 0";

/** What is waited for before a script does anything; Node alone is the least that it can be. */
const COMMANDS = {
  [NODE]: { command: [process.execPath, "-e", "0"], most: undefined },
  "deploy.ts --help": {
    command: [...LAUNCHED, "scripts/deploy.ts", "--help"],
    most: 3,
  },
  "  by npx tsx": {
    command: ["npx", "tsx", "scripts/deploy.ts", "--help"],
    most: undefined,
  },
  "validate.ts": { command: [...LAUNCHED, "scripts/validate.ts"], most: 6 },
  "  by npm run": { command: ["npm", "run", "validate"], most: undefined },
};

/** Times each command `count` times beside Node, in turns, after one round that fills the caches. */
export async function timeStartUp(count: number): Promise<Row[]> {
  const seconds: Record<string, number[]> = {};
  for (let number = 0; number <= count; number += 1) {
    for (const [name, { command }] of Object.entries(COMMANDS)) {
      const env = neutralEnvironment();
      const timed = await timeRun(command, { cwd: ROOT, env });
      if (number > 0) (seconds[name] ??= []).push(timed.seconds);
    }
  }
  return Object.entries(COMMANDS).map(([name, { most }]) =>
    name === NODE
      ? summarizeAlone(name, seconds[NODE] ?? [])
      : summarizeBeside(name, seconds[NODE] ?? [], seconds[name] ?? [], most),
  );
}
