import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface CountedGcloud {
  /** A PATH on which `gcloud` also notes that it was started. */
  path: string;
  /** Processes since the last call. */
  take(): number;
}

/** Puts a `gcloud` into the directory that notes each start and then becomes the real one. */
export function countGcloud(directory: string): CountedGcloud {
  const starts = join(directory, "gcloud-starts");
  writeFileSync(starts, "");
  writeFileSync(
    join(directory, "gcloud"),
    `#!/bin/sh\necho >>'${starts}'\nexec '${findGcloud()}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    path: `${directory}${delimiter}${process.env.PATH ?? ""}`,
    take() {
      const count = readFileSync(starts, "utf8").length;
      writeFileSync(starts, "");
      return count;
    },
  };
}

function findGcloud(): string {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "gcloud"))
    .find(isExecutable);
  if (found === undefined) throw new Error("there is no gcloud on the PATH");
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
