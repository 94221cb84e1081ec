import "../scripts/lib/cli/node-version.ts";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { hideSecrets } from "../scripts/lib/cli/hide-secrets.ts";
import { suggest } from "../scripts/lib/cli/suggest.ts";
import { columns, printResult, say } from "../scripts/lib/cli/terminal.ts";
import { COMMANDS } from "./commands.ts";
import { formatOverview } from "./overview.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) {
    say(formatOverview(columns(process.stderr)));
    process.exitCode = 2;
  } else if (["-h", "--help"].includes(name))
    printResult(formatOverview(columns(process.stdout)));
  else if (name === "help") await help(args[0]);
  else if (name === "--version") printResult(readVersion());
  else await run(name, args);
}

async function help(name: string | undefined): Promise<void> {
  if (name === undefined) printResult(formatOverview(columns(process.stdout)));
  else await run(name, ["--help"]);
}

/** The script in this very process, as if it had been started. */
async function run(name: string, args: readonly string[]): Promise<void> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const near = suggest(name, Object.keys(COMMANDS));
    say(`error: there is no command "${hideSecrets(name)}"`);
    say(
      near === undefined
        ? "  See: ./litellm-cloudrun --help"
        : `  Did you mean ${near}?`,
    );
    process.exitCode = 2;
    return;
  }
  const file = path.join(ROOT, command.file);
  process.argv.splice(1, Infinity, file, ...args);
  await import(pathToFileURL(file).href);
}

function readVersion(): string {
  const file = path.join(ROOT, "package.json");
  const { version } = JSON.parse(readFileSync(file, "utf8")) as {
    version: string;
  };
  return version;
}
