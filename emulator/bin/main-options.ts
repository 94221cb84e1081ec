import { parseArgs } from "node:util";
import { isNewProjectId } from "../core/project-id.ts";

export const HELP = `Usage: npm run emulator [-- options]
       npm run emulator -- [options] exec -- COMMAND [ARGUMENT …]

An embedded Google Cloud on one loopback port, for the real gcloud. Without a
command it prints the environment to evaluate and stays until Ctrl-C. With one
it runs the command inside that environment and passes its exit code on.

  --port=PORT      Where it listens. Default: any free port.
  --project=ID     The project that is there at first. Default: demo-litellm.
  --log            With a command: show each request to the emulated Google.
  -h, --help       Print this help.

Exit codes: 0 done, 1 failed, 2 wrong usage; with a command, the command's own
(128 and the signal's number if a signal ended it, 127 if it was not found).
`;

export interface MainOptions {
  help: boolean;
  port: number;
  projectId: string;
  log: boolean;
  /** What to run inside, undefined to serve until interrupted. */
  command: string[] | undefined;
}

/** Never throws: what is wrong with the arguments is the answer. */
export function readOptions(args: string[]): MainOptions | { error: string } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: "string", default: "0" },
        project: { type: "string", default: "demo-litellm" },
        log: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const [verb, ...command] = positionals;
    if (verb !== undefined && verb !== "exec") {
      return { error: `unknown command ${verb}: expected exec` };
    }
    if (verb === "exec" && command.length === 0) {
      return { error: "exec needs a command: exec -- COMMAND [ARGUMENT …]" };
    }
    return {
      help: values.help,
      port: readPort(values.port),
      projectId: readProjectId(values.project),
      log: values.log,
      command: verb === "exec" ? command : undefined,
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port=${text}: expected a number from 0 to 65535`);
}

function readProjectId(text: string): string {
  if (isNewProjectId(text)) return text;
  throw new Error(
    `--project=${text}: expected 6 to 30 lowercase letters, digits or hyphens, beginning with a letter, or DOMAIN: and such an id`,
  );
}
