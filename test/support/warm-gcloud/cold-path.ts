import path from "node:path";

/** The PATH without the gcloud that is kept warm: its gcloud is started as a user starts it. */
export function coldPath(): string {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((directory) => !directory.includes("warm-gcloud-"))
    .join(path.delimiter);
}
