import { parseArgs } from "node:util";
import { isNewProjectId } from "../core/project-id.ts";
import { EMULATOR } from "./usage.ts";

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
      options: EMULATOR.options,
    });
    const [verb, ...command] = positionals;
    if (verb !== undefined && verb !== "exec") {
      return { error: `unknown command ${verb}: expected exec` };
    }
    if (verb === "exec" && command.length === 0) {
      return { error: "exec needs a command: exec -- COMMAND [ARGUMENT …]" };
    }
    return {
      help: values.help === true,
      port: readPort(values.port ?? "0"),
      projectId: readProjectId(values.project ?? "demo-litellm"),
      log: values.log === true,
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
