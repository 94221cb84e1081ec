import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { InputError, UserError } from "./errors.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { scriptCommand } from "./script-command.ts";
import { suggest } from "./suggest.ts";
import {
  bearClosedOutput,
  holdBack,
  pageWidth,
  say,
  showHeldBack,
  showStatus,
} from "./terminal.ts";
import { formatTimings } from "./timings.ts";
import { wrapWords } from "./wrap.ts";

/** One option of a script, as parseArgs takes it, with its line in the help. */
export interface Option {
  type: "boolean" | "string";
  short?: string;
  help: string;
  /** Allowed values of a string option. */
  values?: readonly string[];
  /** It may be given several times. */
  multiple?: true;
  /** What is given by mistake may be a secret: it is never shown. */
  secret?: true;
}

export interface Usage {
  /** `deploy.ts [env]` */
  command: string;
  /** How it is typed where it is no file of scripts/: `npm run acceptance --`. */
  typed?: string;
  summary: string;
  /** It changes nothing, so an interruption leaves nothing half done. */
  onlyReads?: true;
  /** The most positional arguments. */
  positionals: number;
  options: Record<string, Option>;
}

export interface Arguments {
  positionals: string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  /** Of an option that may be given several times. */
  values(name: string): string[];
}

/** What every script takes besides its own. */
export const COMMON_OPTIONS: Usage["options"] = {
  timings: {
    type: "boolean",
    help: "Say at the end where the time went.",
  },
  help: { type: "boolean", short: "h", help: "Print this help." },
};

let lastWords: (() => void) | undefined;

/** At Ctrl-C `work` is done before the process ends: what a run has come to so far. It waits for nothing. */
export function atInterruption(work: () => void): void {
  lastWords = work;
}

/** Whatever comes of them, the process ends as one that was interrupted. */
function sayLastWords(): void {
  try {
    lastWords?.();
  } catch (error) {
    report(error);
  }
}

/** What a script does; false: it failed, and has said why. */
type Story = (args: Arguments) => Promise<boolean>;

/**
 * Runs a script's story: parses, prints errors, sets the exit code (0 done,
 * 1 failed, 2 wrong usage or invalid input, 130 interrupted). `load` gives the
 * story, which brings hundreds of files: help and wrong usage need none of them.
 */
export async function runScript(
  usage: Usage,
  load: (args: Arguments) => Story | Promise<Story>,
): Promise<void> {
  bearClosedOutput();
  process.once("SIGINT", () => {
    showStatus("");
    showHeldBack();
    say(
      usage.onlyReads === true
        ? ""
        : "\nInterrupted. Run it again: it goes on from what is there.",
    );
    sayLastWords();
    // eslint-disable-next-line no-restricted-properties -- whatever is under way, gcloud has been interrupted too
    process.exit(130);
  });
  let began = performance.now();
  let timings = false;
  try {
    const args = parseUsage(usage, process.argv.slice(2));
    timings = args.flag("timings");
    if (args.flag("quiet")) holdBack();
    if (args.flag("help")) {
      const width = pageWidth(process.stdout);
      process.stdout.write(formatHelp(usage, width));
    } else {
      const story = await load(args);
      began = performance.now();
      if (!(await story(args))) {
        showHeldBack();
        process.exitCode = 1;
      }
    }
  } catch (error) {
    showHeldBack();
    process.exitCode = report(error);
  }
  if (timings) say(formatTimings(began));
}

/** Prints an error for people and returns its exit code, without a key that was typed. A bug keeps its stack. */
function report(error: unknown): number {
  if (!(error instanceof UserError)) {
    say(
      error instanceof Error ? (error.stack ?? String(error)) : String(error),
    );
    say("This is a bug in litellm-cloudrun, not a mistake of yours.");
    return 1;
  }
  say(`error: ${hideSecrets(error.message)}`);
  if (error.hint !== undefined) say(`  ${hideSecrets(error.hint)}`);
  return error.exitCode;
}

function parseUsage(usage: Usage, argv: string[]): Arguments {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, option] of Object.entries({
    ...usage.options,
    ...COMMON_OPTIONS,
  })) {
    const { type, short, multiple = false } = option;
    options[name] = { type, multiple, ...(short !== undefined && { short }) };
  }
  const { values, positionals } = tryParse(usage, argv, options);
  if (positionals.length > usage.positionals) {
    throw new InputError(
      `unexpected argument: ${showSurplus(positionals[usage.positionals] ?? "")}`,
      { hint: `Usage: ${describeUsage(usage)}; see --help` },
    );
  }
  for (const [name, option] of Object.entries(usage.options)) {
    const value = values[name];
    if (typeof value === "string") checkValue(name, option, value);
  }
  return {
    positionals,
    flag: (name) => values[name] === true,
    value: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
    values: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
  };
}

/** A key may have any form: only what could be a name, or a file's, is shown. */
function showSurplus(argument: string): string {
  return /^([a-z][a-z0-9-]{0,19}|[\w./-]+\.(ya?ml|env))$/.test(argument)
    ? hideSecrets(argument)
    : "…";
}

function checkValue(
  name: string,
  { values: allowed, secret }: Option,
  value: string,
): void {
  if (allowed === undefined || allowed.includes(value)) return;
  const near = suggest(value, allowed);
  const given = secret === true ? "…" : value;
  throw new InputError(
    `--${name}=${given}: expected ${allowed.join(" or ")}`,
    near === undefined ? {} : { hint: `Did you mean ${near}?` },
  );
}

function tryParse(
  usage: Usage,
  args: string[],
  options: ParseArgsOptionsConfig,
): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    if (!isParseError(cause)) throw cause;
    const near =
      cause.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION"
        ? suggest(findUnknown(args, options), Object.keys(options))
        : undefined;
    // The rest of Node's words is about arguments that begin with a hyphen.
    const [sentence = cause.message] = cause.message.split(". ");
    throw new InputError(sentence, {
      hint:
        near === undefined
          ? `See: ${usage.typed ?? scriptCommand(nameOf(usage))} --help`
          : `Did you mean --${near}?`,
      cause,
    });
  }
}

function isParseError(cause: unknown): cause is Error & { code: string } {
  return (
    cause instanceof Error &&
    "code" in cause &&
    String(cause.code).startsWith("ERR_PARSE_ARGS_")
  );
}

function findUnknown(args: string[], options: ParseArgsOptionsConfig): string {
  const { tokens } = parseArgs({
    args,
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const unknown = tokens.find(
    (token) => token.kind === "option" && !(token.name in options),
  );
  return unknown?.kind === "option" ? unknown.name : "";
}

/** `deploy` of `deploy.ts [env]`. */
function nameOf({ command }: Usage): string {
  return command.split(".ts")[0] ?? command;
}

function describeUsage(usage: Usage): string {
  const [, ...positionals] = usage.command.split(" ");
  return usage.typed === undefined
    ? scriptCommand(nameOf(usage), ...positionals)
    : [usage.typed, ...positionals].join(" ");
}

/** At most `width` wide, without a word broken: where a line ends in the source does not matter, an empty one does. */
export function formatHelp(usage: Usage, width: number): string {
  const options = { ...usage.options, ...COMMON_OPTIONS };
  const lines = Object.entries(options).flatMap(
    ([name, { short, type, values, help }]) => [
      `  ${short === undefined ? "    " : `-${short}, `}--${name}${
        type === "string" ? `=${values?.join("|") ?? "VALUE"}` : ""
      }`,
      ...wrapProse(help, width - 10).map((line) => `          ${line}`),
    ],
  );
  const exits = "Exit codes: 0 done, 1 failed, 2 wrong usage or invalid input.";
  return [
    ...wrapProse(`Usage: ${describeUsage(usage)} [options]`, width),
    ...usage.summary
      .split("\n\n")
      .flatMap((paragraph) => ["", ...wrapProse(paragraph, width)]),
    "",
    ...lines,
    "",
    ...wrapProse(exits, width),
    "",
  ].join("\n");
}

function wrapProse(text: string, width: number): string[] {
  return wrapWords(text.split(/\s+/).join(" "), width);
}
