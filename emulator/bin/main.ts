import "./node-version.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../emulator.ts";
import { executeInside } from "./execute.ts";
import { type MainOptions, readOptions } from "./main-options.ts";
import { EMULATOR, formatHelp } from "./usage.ts";
import { widthOf } from "./wrap.ts";
import { promptOf, toExports } from "./shell.ts";

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
});

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if ("error" in options) {
    say(`error: ${options.error}\n  See: npm run emulator -- --help`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(formatHelp(EMULATOR, widthOf(process.stdout)));
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), "litellm-cloudrun-"));
  // Even a crash takes the login with it.
  process.on("exit", () => {
    rmSync(scratch, { recursive: true, force: true });
  });
  const emulator = await start(options);
  if (emulator === undefined) return 1;
  try {
    const environment = emulator.environment(scratch);
    if (options.command === undefined)
      return await serve(emulator, environment);
    if (process.stdin.isTTY && process.stderr.isTTY) say(welcome(emulator));
    return await executeInside(
      { ...environment, ...promptOf(process.env) },
      options.command,
    );
  } finally {
    await emulator.close();
  }
}

async function start(options: MainOptions): Promise<Emulator | undefined> {
  const { port, projectId, command, log } = options;
  try {
    return await startEmulator({
      port,
      projectId,
      ...((command === undefined || log) && { log: say }),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    say(`error: port ${port} is in use\n  Take another one with --port.`);
    return undefined;
  }
}

/** For whoever types inside: a shell that looks like any other asks no real cloud. */
function welcome({ projectId, geminiApiKey }: Emulator): string {
  return [
    `Rehearsal: gcloud and the scripts ask an emulated Google Cloud here, project ${projectId}.`,
    `Nothing reaches Google. Its Gemini API takes this key: ${geminiApiKey}`,
    "It ends, with everything in it, when this command does.",
  ].join("\n");
}

/** Prints the environment and answers until it is told to stop. */
async function serve(
  emulator: Emulator,
  environment: Record<string, string>,
): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
  process.stdout.write(toExports(environment));
  say(
    `The emulated Google Cloud answers on ${emulator.url}, project ${emulator.projectId}.\n` +
      `Its Gemini API takes this key: ${emulator.geminiApiKey}\n` +
      `OpenAI's takes ${emulator.openaiApiKey}, Anthropic's ${emulator.anthropicApiKey}\n` +
      "Run the export lines in the shell whose gcloud shall use it. Ctrl-C ends it and everything in it.",
  );
  await stopped;
  return 0;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
