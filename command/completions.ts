import "../scripts/lib/cli/node-version.ts";
import {
  EMULATOR,
  REHEARSE,
  START,
  type Usage as RehearsalUsage,
} from "../emulator/bin/usage.ts";
import { InputError } from "../scripts/lib/cli/errors.ts";
import {
  COMMON_OPTIONS,
  type Usage,
  runScript,
} from "../scripts/lib/cli/run-script.ts";
import { suggest } from "../scripts/lib/cli/suggest.ts";
import { printResult } from "../scripts/lib/cli/terminal.ts";
import { USAGES } from "./usages.ts";
import { COMMANDS } from "./commands.ts";
import {
  type Completed,
  SHELLS,
  type Shell,
  formatCompletions,
} from "./shell-completions.ts";

/** What stands outside of scripts/. */
const REHEARSALS: Readonly<Record<string, RehearsalUsage>> = {
  start: START,
  rehearse: REHEARSE,
  emulator: EMULATOR,
};

const usage: Usage = {
  command: "completions.ts bash|zsh|fish",
  typed: "./litellm-cloudrun completions",
  summary:
    "Prints what completes ./litellm-cloudrun in a shell: its commands, their options,\nand the envs of the clone. It changes nothing.",
  onlyReads: true,
  positionals: 1,
  options: {},
};

await runScript(usage, () => (args) => {
  const shell = parseShell(args.positionals[0]);
  const commands = Object.entries(COMMANDS).map(toCompleted);
  printResult(formatCompletions(shell, commands).trimEnd());
  return Promise.resolve(true);
});

function parseShell(given: string | undefined): Shell {
  const shell = SHELLS.find((one) => one === given);
  if (shell !== undefined) return shell;
  const near = given === undefined ? undefined : suggest(given, SHELLS);
  throw new InputError(
    `completions for which shell? Expected ${SHELLS.join(", ")}`,
    {
      hint:
        near === undefined
          ? "For example: ./litellm-cloudrun completions bash"
          : `Did you mean ${near}?`,
    },
  );
}

function toCompleted([name, { file, does }]: [
  string,
  { file: string; does: string },
]): Completed {
  const rehearsal = REHEARSALS[name];
  if (rehearsal !== undefined) {
    const words = name === "emulator" ? ["exec"] : [];
    return { name, does, env: false, words, options: rehearsal.options };
  }
  const own =
    name === "completions"
      ? usage
      : USAGES.find(({ command }) =>
          file.endsWith(`scripts/${command.split(" ")[0] ?? ""}`),
        );
  if (own === undefined) throw new Error(`no usage of ${name}`);
  const [, ...positionals] = own.command.split(" ");
  return {
    name,
    does,
    env: positionals.includes("[env]"),
    words: positionals.filter((one) => one.includes("|")).flatMap(toWords),
    options: { ...own.options, ...COMMON_OPTIONS },
  };
}

function toWords(choice: string): string[] {
  return choice.split("|");
}
