import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Step, StoredBuild } from "./state.ts";

/** The step's command and arguments; `own` is the image's entrypoint. */
export async function commandOf(
  { script, entrypoint, args = [] }: Step,
  scratch: string,
  own: string | undefined,
): Promise<string[]> {
  if (script !== undefined) {
    const file = path.join(scratch, "script");
    const shebang = script.startsWith("#!") ? "" : "#!/bin/sh\nset -e\n";
    await writeFile(file, `${shebang}${script}`);
    await chmod(file, 0o755);
    return [file];
  }
  if (entrypoint !== undefined && entrypoint !== "")
    return [entrypoint, ...args];
  return own === undefined ? args : [own, ...args];
}

/** What a step's process has of the step and of its build. */
export function processOf(build: StoredBuild, step: Step) {
  const { account, projectId, location: region, sent } = build;
  const automap =
    step.automapSubstitutions ?? sent.options?.automapSubstitutions ?? false;
  return {
    account,
    projectId,
    region,
    workingDirectory: directoryOf(step),
    env: {
      ...(automap ? build.substitutions : {}),
      ...toRecord(sent.options?.env),
      ...toRecord(step.env),
    },
  };
}

/** `dir` is below the workspace unless it is absolute. */
export function directoryOf({ dir = "" }: Step): string {
  return path.posix.resolve("/workspace", dir);
}

function toRecord(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
