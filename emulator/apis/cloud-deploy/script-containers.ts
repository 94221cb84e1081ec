import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { findScript, type ScriptImages } from "../../machine/runtime/images.ts";
import { script } from "../../machine/runtime/program.ts";
import type { RunContainer } from "./engine/context.ts";

/** Runs the images of one's own as the Node scripts that they stand for, and the others as `otherwise` does. */
export function scriptContainers(
  scripts: ScriptImages,
  otherwise: RunContainer,
): RunContainer {
  return (container) => {
    const file = findScript(container.image, scripts);
    return file === undefined
      ? otherwise(container)
      : runScript(file, container);
  };
}

async function runScript(
  file: string,
  { args, env, log, signal }: Parameters<RunContainer>[0],
): Promise<number> {
  const program = script(file, args);
  const child = spawn(program.command, program.args, {
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", ...env, ...program.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", log);
  }
  const [code] = (await once(child, "close")) as [number | null];
  signal.removeEventListener("abort", kill);
  return code ?? 137;
}
