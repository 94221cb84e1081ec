import type { Writable } from "node:stream";
import { $ } from "zx/core";
import { UserError } from "../cli/errors.ts";
import { timed } from "../cli/timings.ts";
import { childEnvironment } from "../cli/process-env.ts";
import { endProcess } from "./end-process.ts";
import { readSeconds } from "./retry.ts";

/** A gcloud command as data: what is printed is what runs. */
export interface Command {
  /** The arguments behind `gcloud`. */
  readonly args: readonly string[];
  /** Standard input; never a secret (those do not pass through gcloud). */
  readonly input?: string;
  /** It waits for something that takes hours: a build, a release. */
  readonly long?: true;
}

/** Seconds; a revision alone may take four minutes to start. */
const USUAL_LIMIT = 900;

/** Seconds; longer than any build of this project may take. */
const LONG_LIMIT = 10_800;

/** An argument, or a part of one, that bash fills in, `$name` or `$(command)`: only for what is printed. */
export function bashExpression(expression: string): string {
  return `\0${expression}\0`;
}

/** The command as it can be pasted into bash. */
export function formatCommand(command: Command): string {
  const line = ["gcloud", ...command.args.map(quoteArgument)].join(" ");
  if (command.input === undefined) return line;
  return `${line} ${hereDocument(command.input)}`;
}

/** A text as bash's standard input. */
export function hereDocument(text: string): string {
  const end = chooseDelimiter(text);
  return `<<'${end}'\n${text.replace(/\n?$/, "\n")}${end}`;
}

/** A here-document ends at the first line that is its delimiter: one that the text does not have. */
function chooseDelimiter(text: string): string {
  const lines = new Set(text.split("\n"));
  let delimiter = "EOF";
  while (lines.has(delimiter)) delimiter += "_";
  return delimiter;
}

/** A command without what only a program wants of its answer: for the operator to run. */
export function toRead({ args }: Command): Command {
  return { args: args.filter((arg) => !arg.startsWith("--format=")) };
}

/**
 * Runs a command and returns its standard output.
 * Throws UserError with Google's own words when it fails, and where it does not end.
 */
export function runGcloud(command: Command): Promise<string> {
  const running = startGcloud(command);
  running.stdin.end(command.input ?? "");
  return awaitEnd(running, command);
}

/** A gcloud that has started, and waits: half of what it takes is its start. */
export interface HeldGcloud {
  /** Lets it go, and waits for its end as `runGcloud` does. */
  letGo: () => Promise<string>;
  /** Ends it; it has done nothing. */
  drop: () => Promise<void>;
}

/**
 * Starts a command that does nothing before it is let go: it reads more flags from
 * a pipe (`gcloud topic flags-file`). Where nobody is left to write them, it finds
 * none, and fails before it sends anything.
 */
export function holdGcloud(command: Command): HeldGcloud {
  const running = startGcloud(command, { held: true });
  const flags = running.child?.stdio[FLAGS] as Writable;
  flags.on("error", () => undefined);
  return {
    letGo: () => {
      running.stdin.end(command.input ?? "");
      flags.end("--quiet: true\n");
      return awaitEnd(running, command);
    },
    drop: async () => {
      running.stdin.end();
      flags.end();
      if (running.pid !== undefined) await endProcess(running.pid);
    },
  };
}

/** The file descriptor by which a gcloud that is held gets its last flags. */
const FLAGS = 3;

/** Its standard input is open still. */
function startGcloud({ args }: Command, { held = false } = {}) {
  const shell = $({
    stdio: ["pipe", "pipe", "pipe", ...(held ? ["pipe" as const] : [])],
    quiet: true,
    nothrow: true,
    env: { ...childEnvironment(), CLOUDSDK_CORE_DISABLE_PROMPTS: "1" },
  });
  // Node's own pipes are sockets, which cannot be opened by name: `cat` has one that can.
  const byName = args.includes("--file=/dev/stdin");
  const running = held
    ? byName
      ? shell`cat | gcloud ${args} --flags-file=<(cat <&3)`
      : shell`gcloud ${args} --flags-file=<(cat <&3)`
    : byName
      ? shell`cat | gcloud ${args}`
      : shell`gcloud ${args}`;
  // A gcloud that fails early does not read its input: its exit code tells why.
  running.stdin.on("error", () => undefined);
  return running;
}

function awaitEnd(
  running: ReturnType<typeof startGcloud>,
  command: Command,
): Promise<string> {
  return timed("gcloud", () => awaitOutput(running, command));
}

async function awaitOutput(
  running: ReturnType<typeof startGcloud>,
  command: Command,
): Promise<string> {
  const limit = limitOf(command);
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, limit * 1000, undefined);
  });
  const output = await Promise.race([running, overdue]);
  clearTimeout(timer);
  if (output === undefined) {
    // Its output may stay open: nobody waits for that.
    if (running.pid !== undefined) await endProcess(running.pid);
    throw neverEnded(command, limit);
  }
  if (output.exitCode === 0) return output.stdout;
  throw new GcloudError(command, output.exitCode, output.stderr);
}

/** GCLOUD_TIMEOUT_SECONDS allows more or less, and long commands never less than theirs. */
function limitOf({ long }: Command): number {
  const usual = readSeconds("GCLOUD_TIMEOUT_SECONDS", USUAL_LIMIT, 1);
  return long === true ? Math.max(usual, LONG_LIMIT) : usual;
}

function neverEnded(command: Command, limit: number): UserError {
  const shown =
    command.input === undefined
      ? `The command was: ${formatCommand(command)}`
      : "--dry-run prints the whole command.";
  return new UserError(
    `gcloud ${nameOf(command)} did not end within ${String(limit)} s, and was ended`,
    {
      hint: `Whether it had its effect is not known: run this again, it goes on from what is there (GCLOUD_TIMEOUT_SECONDS allows more time). ${shown}`,
    },
  );
}

/**
 * Google's code 10 (google.rpc.Code), for what others change at the same time. Of
 * some APIs gcloud tells the 409 alone (exceptions.py), which may be of something that is there already.
 */
const ABORTED =
  /\bABORTED\b|(is the subject of a conflict|Status code: 409)(?!.*[Aa]lready exists)/;

/** Whether gcloud failed because somebody else changed the same thing meanwhile. */
function isAborted(error: unknown): error is GcloudError {
  return error instanceof GcloudError && ABORTED.test(error.stderr);
}

/** Google's code 8, of what it did not even begin; gcloud gives up on it at once. */
const EXHAUSTED = /\bRESOURCE_EXHAUSTED\b|Status code: 429/;

/** Why Google refuses for a moment what may be done in the next one; undefined: gcloud failed for something else. */
export function whyRefused(error: unknown): string | undefined {
  if (isAborted(error)) return "Google aborts it for a change at the same time";
  if (error instanceof GcloudError && EXHAUSTED.test(error.stderr)) {
    return "Google has too many requests, or a quota is used up";
  }
  return undefined;
}

/** Google's code 5, and gcloud's own words for what is not there. */
export function isNotFound(error: unknown): error is GcloudError {
  return (
    error instanceof GcloudError &&
    /^ERROR: \(gcloud\..*(NOT_FOUND|not (be )?found|does not exist)/ms.test(
      error.stderr,
    )
  );
}

/** A gcloud command that did not exit with 0. */
export class GcloudError extends UserError {
  /** What gcloud wrote to standard error. */
  readonly stderr: string;

  constructor(command: Command, exitCode: number | null, stderr: string) {
    const missing = exitCode === 127;
    const said = extractError(stderr);
    super(
      missing
        ? "the gcloud CLI is not installed (there is no gcloud on the PATH)"
        : isAboutLogin(stderr)
          ? `gcloud has no login: ${said.split("\n")[0] ?? said}`
          : `gcloud ${nameOf(command)} failed (exit ${String(exitCode)}): ${said}`,
      {
        hint: missing
          ? "Install it: https://cloud.google.com/sdk/docs/install"
          : hintFor(stderr, command),
      },
    );
    this.stderr = stderr;
  }
}

/** What means itself in bash. */
const PLAIN = /^[\w/.@:=,+-]+$/;

/** A word as bash reads it, quoted only where it has to be. */
export function quoteWord(text: string): string {
  return PLAIN.test(text) ? text : quote(text);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Quotes the value only, so that a flag stays readable: `--format='value(name)'`. */
function quoteArgument(argument: string): string {
  if (PLAIN.test(argument)) return argument;
  const [, flag = "", value = ""] = /^(--[\w-]+=)?(.*)$/s.exec(argument) ?? [];
  return `${flag}${value.split("\0").map(quotePart).join("")}`;
}

/** Of `text NUL expression NUL text …` each second part is bash's. */
function quotePart(part: string, index: number, parts: string[]): string {
  if (index % 2 === 1) return `"${part}"`;
  if (part === "" && parts.length > 1) return "";
  return parts.length > 1 ? quoteWord(part) : quote(part);
}

/** The words of the command, without its flags. */
export function nameOf(command: Command): string {
  return command.args.filter((a) => !a.startsWith("-")).join(" ");
}

/** gcloud prefixes its error with `ERROR: (gcloud.…)`; progress lines stand before it. */
function extractError(stderr: string): string {
  const start = stderr.lastIndexOf("ERROR: ");
  const text = start < 0 ? stderr : stderr.slice(start + "ERROR: ".length);
  return text.replace(/^\(gcloud[\w.-]*\)\s*/, "").trim() || "no message";
}

function isAboutLogin(stderr: string): boolean {
  return /gcloud auth login|no credentialed|Reauthentication/i.test(stderr);
}

function hintFor(stderr: string, command: Command): string {
  if (isAboutLogin(stderr)) {
    return "Log in with: gcloud auth login";
  }
  if (ABORTED.test(stderr)) {
    return `Somebody else changed it at the same time. Nothing after this step was done. Run this again: it goes on from what is there. The command was: gcloud ${nameOf(command)}`;
  }
  return command.input === undefined
    ? `Nothing after this step was done. The command was: ${formatCommand(command)}`
    : "Nothing after this step was done. --dry-run prints the whole command.";
}
