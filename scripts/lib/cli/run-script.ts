import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { InputError, UserError } from "./errors.ts";
import { suggest } from "./suggest.ts";
import { say } from "./terminal.ts";

/** One option of a script, as parseArgs takes it, with its line in the help. */
export interface Option {
  type: "boolean" | "string";
  short?: string;
  help: string;
  /** Allowed values of a string option. */
  values?: readonly string[];
}

export interface Usage {
  /** `deploy [env]` */
  command: string;
  summary: string;
  /** The most positional arguments. */
  positionals: number;
  options: Record<string, Option>;
}

export interface Arguments {
  positionals: string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
}

/**
 * Runs a script's story: parses, prints errors, sets the exit code (0 done,
 * 1 failed, 2 wrong usage or invalid input, 130 interrupted).
 */
export async function runScript(
  usage: Usage,
  story: (args: Arguments) => Promise<boolean>,
): Promise<void> {
  process.once("SIGINT", () => {
    say("\nInterrupted. Run it again: it goes on from what is there.");
    // eslint-disable-next-line no-restricted-properties -- whatever is under way, gcloud has been interrupted too
    process.exit(130);
  });
  try {
    const args = parseUsage(usage, process.argv.slice(2));
    if (args.flag("help")) process.stdout.write(formatHelp(usage));
    else if (!(await story(args))) process.exitCode = 1;
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Prints an error for people and returns its exit code. A bug keeps its stack. */
function report(error: unknown): number {
  if (!(error instanceof UserError)) {
    say(
      error instanceof Error ? (error.stack ?? String(error)) : String(error),
    );
    say("This is a bug in litellm-cloudrun, not a mistake of yours.");
    return 1;
  }
  say(`error: ${error.message}`);
  if (error.hint !== undefined) say(`  ${error.hint}`);
  return error.exitCode;
}

function parseUsage(usage: Usage, argv: string[]): Arguments {
  const options: ParseArgsOptionsConfig = {
    help: { type: "boolean", short: "h" },
  };
  for (const [name, { type, short }] of Object.entries(usage.options)) {
    options[name] = { type, ...(short !== undefined && { short }) };
  }
  const { values, positionals } = tryParse(usage, argv, options);
  if (positionals.length > usage.positionals) {
    throw new InputError(
      `unexpected argument: ${positionals[usage.positionals] ?? ""}`,
      { hint: `Usage: npx tsx scripts/${usage.command}; see --help` },
    );
  }
  for (const [name, { values: allowed }] of Object.entries(usage.options)) {
    const value = values[name];
    if (allowed === undefined || typeof value !== "string") continue;
    if (!allowed.includes(value)) {
      const near = suggest(value, allowed);
      throw new InputError(
        `--${name}=${value}: expected ${allowed.join(" or ")}`,
        near === undefined ? {} : { hint: `Did you mean ${near}?` },
      );
    }
  }
  return {
    positionals,
    flag: (name) => values[name] === true,
    value: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
  };
}

function tryParse(
  usage: Usage,
  argv: string[],
  options: ParseArgsOptionsConfig,
): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const unknown = /'--([\w-]+)/.exec(message)?.[1] ?? "";
    const near = suggest(unknown, Object.keys(options));
    throw new InputError(message.split(". ")[0] ?? message, {
      hint:
        near === undefined || near === unknown
          ? `See: npx tsx scripts/${usage.command.split(" ")[0] ?? ""} --help`
          : `Did you mean --${near}?`,
      cause,
    });
  }
}

function formatHelp(usage: Usage): string {
  const options: Usage["options"] = {
    ...usage.options,
    help: { type: "boolean", short: "h", help: "Print this help." },
  };
  const rows = Object.entries(options).map(
    ([name, { short, type, values, help }]): [string, string] => [
      `${short === undefined ? "    " : `-${short}, `}--${name}${
        type === "string" ? `=${values?.join("|") ?? "VALUE"}` : ""
      }`,
      help,
    ],
  );
  const lines = rows.map(([left, help]) => `  ${left}\n          ${help}`);
  return [
    `Usage: npx tsx scripts/${usage.command} [options]`,
    "",
    usage.summary,
    "",
    ...lines,
    "",
    "Exit codes: 0 done, 1 failed, 2 wrong usage or invalid input.",
    "",
  ].join("\n");
}
