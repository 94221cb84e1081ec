import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { neutralEnvironment } from "../test/support/environment.ts";
import type { Phase } from "./bash-flow.ts";
import { type Contest, type Side, startContest } from "./contest.ts";
import {
  type Round,
  type Row,
  formatTable,
  summarize,
  summarizeAlone,
} from "./report.ts";
import { timeMany } from "./many.ts";
import { timeStartUp } from "./start-up.ts";
import { timeRun } from "./timed-run.ts";

const HELP = `Usage: npm run bench [-- options]

Times the deploy beside the bash flow that it ports: the real gcloud, one
embedded Google Cloud, both sides in turns. Before it times how scripts start
(beside Node alone); after it what grows with the number of envs (many beside
one), and npm start.

  --rounds=N   Rounds of both sides, and of what starts. Default: 5.
  --starts=N   Runs of npm start -- --once. Default: 3.
  --json       Print the figures as JSON.
  -h, --help   Print this help.
`;

const PHASES: readonly Phase[] = ["first", "again", "change", "clean"];

/** Seconds from npm start to the first answer, on two cores. */
const MOST_START = 25;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    starts: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const machine = describeMachine();
  const rows = await timeStartUp(Number(values.rounds));
  const { rounds, rows: flows } = await compareFlows(Number(values.rounds));
  rows.push(...flows);
  const many = Number(values.rounds);
  if (many > 0) rows.push(...(await timeMany(many)));
  const starts = await timeStarts(Number(values.starts));
  if (starts.length > 0) {
    const name = "npm start, to the first answer";
    rows.push(summarizeAlone(name, starts, MOST_START));
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ machine, rows, rounds, starts }, null, 2)}\n`
      : `${machine}\n\n${formatTable(rows)}`,
  );
}

/** Ours runs commands side by side: on cores that others keep busy, that gains nothing. */
function describeMachine(): string {
  const [busy = 0] = loadavg();
  return `${availableParallelism()} cores, load average ${busy.toFixed(1)} before the start (want: under 0.5)`;
}

async function compareFlows(
  count: number,
): Promise<{ rounds: Round[]; rows: Row[] }> {
  const contest = await startContest();
  const rounds: Round[] = [];
  try {
    // The first one fills the caches of both sides and does not count.
    for (let number = 0; count > 0 && number <= count; number += 1) {
      say(number === 0 ? "Warming up …" : `Round ${number} of ${count} …`);
      const round = await runRound(contest, number);
      if (number > 0) rounds.push(round);
    }
  } finally {
    await contest.close();
  }
  return { rounds, rows: count > 0 ? summarize(rounds) : [] };
}

/** Every phase by both sides, one right after the other; who begins changes each round. */
async function runRound(contest: Contest, number: number): Promise<Round> {
  const bash = await contest.enter("bash", `demo-bash-${number}`);
  const ours = await contest.enter("ours", `demo-ours-${number}`);
  const sides = { bash, ours };
  const order: Side[] = number % 2 === 0 ? ["bash", "ours"] : ["ours", "bash"];
  const samples = { bash: {}, ours: {} } as Round;
  for (const phase of PHASES) {
    if (phase === "change") {
      samples.login = await ours.run("login");
      samples.preview = await ours.run("preview");
    }
    for (const side of order) {
      samples[side][phase] = await sides[side].run(phase);
    }
  }
  await bash.leave();
  await ours.leave();
  return samples;
}

async function timeStarts(count: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let number = 1; number <= count; number += 1) {
    say(`npm start, ${number} of ${count} …`);
    const { marks } = await timeRun(["npm", "start", "--", "--once"], {
      cwd: path.resolve(import.meta.dirname, ".."),
      env: neutralEnvironment(),
      marks: { answer: /^Answered: /m },
    });
    seconds.push(marks.answer ?? NaN);
  }
  return seconds;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
