import { statSync } from "node:fs";
import path from "node:path";
import { InputError } from "../cli/errors.ts";
import type { Arguments } from "../cli/run-script.ts";
import { whereCalled } from "../cli/where-called.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { type Settings, isRehearsalProject } from "../settings/settings.ts";
import type { Bounds } from "./generate.ts";

/** What is wanted of a run. */
export interface LoadOptions extends Omit<Bounds, "calls"> {
  /** Undefined where nobody named a bound. */
  maxCalls: number | undefined;
  /** Milliseconds that 95 % of the answers are to keep to. */
  latency: number | undefined;
  stream: boolean;
  model: string | undefined;
  /** A file. */
  report: string | undefined;
}

const MOST = { concurrency: 500, seconds: 1800, calls: 10_000, rate: 200 };

/** Of a rehearsal, where nobody pays for them. */
const REHEARSED_CALLS = 1000;

/** Throws InputError for what is none, before anything is read. */
export function parseLoad(args: Arguments): LoadOptions {
  const rate = parseNumber(args, "rate", MOST.rate);
  const latency = parseTime(args, "latency");
  if (latency !== undefined && rate === undefined) {
    throw new InputError("--latency goes with --rate", {
      hint: "Say how many calls a second are to be answered in that time: --rate=5",
    });
  }
  const milliseconds = parseTime(args, "duration") ?? 10_000;
  if (milliseconds < 1000 || milliseconds > MOST.seconds * 1000) {
    throw new InputError(
      `--duration=${args.value("duration") ?? ""}: expected 1s to 30m`,
    );
  }
  return {
    concurrency:
      parseNumber(args, "concurrency", MOST.concurrency) ?? callsAtOnce(rate),
    seconds: milliseconds / 1000,
    maxCalls: parseNumber(args, "max-calls", MOST.calls),
    rate,
    latency,
    stream: args.flag("stream"),
    model: args.value("model"),
    report: checkReport(args.value("report")),
  };
}

/** Enough that a call has its time though answers take ten seconds. */
function callsAtOnce(rate: number | undefined): number {
  return rate === undefined ? 4 : Math.min(MOST.concurrency, rate * 10);
}

function parseNumber(
  args: Arguments,
  name: string,
  most: number,
): number | undefined {
  const text = args.value(name);
  if (text === undefined) return undefined;
  const number = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : NaN;
  if (number <= most) return number;
  throw new InputError(`--${name}=${text}: expected 1 to ${most}`);
}

const UNITS = { ms: 1, s: 1000, m: 60_000 } as const;

/** Milliseconds. */
function parseTime(args: Arguments, name: string): number | undefined {
  const text = args.value(name);
  if (text === undefined) return undefined;
  const [, number, unit] = /^([1-9]\d{0,5})(ms|s|m)$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit as "ms"];
  throw new InputError(`--${name}=${text}: expected 800ms, 30s or 5m`);
}

function checkReport(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  if (!file.endsWith(".html")) {
    throw new InputError(
      `--report=${file}: expected a file, such as load.html`,
    );
  }
  const place = whereCalled(file);
  const directory = path.dirname(path.resolve(place));
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) {
    return place;
  }
  throw new InputError(`--report=${file}: there is no directory ${directory}`);
}

/** Throws InputError where a real env is called and nobody said how often at most. */
export function boundCalls(
  { maxCalls, seconds, concurrency, rate }: LoadOptions,
  { projectId, env }: Pick<Settings, "projectId" | "env">,
): Bounds {
  const rehearsed = isRehearsalProject(projectId);
  const calls = maxCalls ?? (rehearsed ? REHEARSED_CALLS : undefined);
  if (calls === undefined) {
    throw new InputError(
      `env ${env} is real (${projectId}) and every call of a model is billed: nobody said how many at most`,
      { hint: `For example: ${scriptCommand("load", env, "--max-calls=100")}` },
    );
  }
  return { concurrency, seconds, calls, rate };
}

/** What was typed besides the env, to be typed again. */
export function repeatOptions(args: Arguments): string[] {
  const named = ["concurrency", "duration", "max-calls", "model", "rate"];
  return [
    ...[...named, "latency", "report"].flatMap((name) => {
      const value = args.value(name);
      return value === undefined ? [] : [`--${name}=${value}`];
    }),
    ...(args.flag("stream") ? ["--stream"] : []),
  ];
}
