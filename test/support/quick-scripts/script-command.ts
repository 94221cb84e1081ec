import path from "node:path";
import { inject } from "vitest";

export interface ScriptCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** What runs `scripts/NAME` in a test: the bundle that setup.ts made of it. */
export function scriptCommand(
  name: string,
  args: readonly string[],
): ScriptCommand {
  const scripts = inject("scripts");
  return {
    command: process.execPath,
    args: [path.join(scripts, name.replace(/\.ts$/, ".mjs")), ...args],
    env: { NODE_COMPILE_CACHE: path.join(scripts, "compiled") },
  };
}
