import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

export interface TimedRun {
  /** Seconds from the start of the process to its end. */
  seconds: number;
  /** Seconds from the start to the first line that matched, by the name of its pattern. */
  marks: Record<string, number>;
}

/**
 * Runs a command to its end and times it; `marks` are looked for in what it
 * prints. Throws with what it printed when it fails.
 */
export async function timeRun(
  [command = "", ...args]: readonly string[],
  options: {
    cwd: string;
    env: NodeJS.ProcessEnv;
    marks?: Record<string, RegExp>;
  },
): Promise<TimedRun> {
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const marks: Record<string, number> = {};
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
      for (const [name, pattern] of Object.entries(options.marks ?? {})) {
        if (pattern.test(printed)) marks[name] ??= elapsed();
      }
    });
  }
  const [code, signal] = (await once(child, "close")) as [
    number | null,
    keyof typeof constants.signals | null,
  ];
  const seconds = elapsed();
  if (code !== 0) {
    throw new Error(
      `${[command, ...args].join(" ")} failed (${signal ?? String(code)}):\n${printed}`,
    );
  }
  return { seconds, marks };
}
