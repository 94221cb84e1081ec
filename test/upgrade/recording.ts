import { readFileSync } from "node:fs";
import path from "node:path";

/** One request that changed something at Google, as it went over the wire. */
export interface Write {
  method: string;
  /** With the host of the API that took it. */
  url: string;
  type?: string;
  /** The body: one of the three, or none. */
  json?: unknown;
  text?: string;
  base64?: string;
}

/** What a recording does not say by its writes. */
export interface About {
  /** What was recorded. */
  version: string;
  commit: string;
  /** Every project, and the number that it had. */
  projects: Record<string, string>;
  /** Keys for this only: no Google and no gateway outside a test has ever known them. */
  keys: FakeKeys;
  /** The tools image of its releases, which a stand-in plays. */
  tools: string;
}

export interface FakeKeys {
  master: string[];
  gemini: string[];
}

export interface Recording {
  about: About;
  writes: Write[];
  /** Its folder. `files/` holds what the operator had written: envs/ and config/. */
  directory: string;
}

export const FIXTURES = path.join(import.meta.dirname, "fixtures");

/** `name`: a folder of fixtures/, e.g. `0.1.0/pipeline`. */
export function readRecording(name: string): Recording {
  const directory = path.join(FIXTURES, name);
  const read = (file: string) =>
    readFileSync(path.join(directory, file), "utf8");
  return {
    about: JSON.parse(read("about.json")) as About,
    writes: read("writes.jsonl")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Write),
    directory,
  };
}
