import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A build file of Cloud Build, as far as the tests look at it. */
export interface BuildFile {
  text: string;
  steps: BuildStep[];
  substitutions?: Record<string, string>;
  serviceAccount: string;
  options: { logging: string };
}

export interface BuildStep {
  id: string;
  name: string;
  entrypoint?: string;
  args: string[];
  env?: string[];
}

export const BUILD_FILES = [
  "cloudbuild.yaml",
  "cloudbuild.check.yaml",
  "cloudbuild.mirror.yaml",
] as const;

export function readBuildFile(file: string): BuildFile {
  const text = readFileSync(file, "utf8");
  const build = parse(text) as Omit<BuildFile, "text">;
  return { ...build, text };
}
