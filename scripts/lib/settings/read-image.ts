import { readProcessEnv } from "../cli/process-env.ts";
import { readEnvFiles } from "./env-file.ts";
import { PROPERTIES } from "./schema.ts";

/** The IMAGE of an env, from the shell, its files or the default: what needs no project. Throws InputError where there is no such env. */
export function readImage(env: string): string {
  const written = readEnvFiles(env).get("IMAGE")?.value;
  const { IMAGE: shell = "" } = readProcessEnv();
  return shell === "" ? (written ?? PROPERTIES.IMAGE?.default ?? "") : shell;
}
