import path from "node:path";
import { readProcessEnv } from "./process-env.ts";

/** A file as an argument names it: `./litellm-cloudrun` may be called from any directory, and runs in its own. */
export function whereCalled(file: string): string {
  const from = readProcessEnv().LITELLM_CLOUDRUN_FROM ?? "";
  return from === "" ? file : path.resolve(from, file);
}
