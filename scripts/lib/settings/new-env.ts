import { existsSync, writeFileSync } from "node:fs";
import { InputError } from "../cli/errors.ts";
import type { Usage } from "../cli/run-script.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { type SettingName, findProblem } from "./schema.ts";
import { makeSettings } from "./settings.ts";

export const initUsage: Usage = {
  command: "init.ts [env]",
  summary:
    "Makes the file of a new env (default: staging): asks for what is not given as an\noption, checks it, and writes envs/ENV.env. Asks no cloud, and changes no file\nthat is there.",
  positionals: 1,
  options: {
    project: { type: "string", help: "The Google Cloud project's id." },
    region: { type: "string", help: "Cloud Run's region: us-central1." },
    mode: {
      type: "string",
      values: ["vertex", "apikey"],
      help: "Whether the service calls Vertex AI as its account, or models by keys alone.",
    },
  },
};

/** What a new env is asked for. */
export interface Question {
  option: string;
  setting: SettingName;
  /** For people: what an answer looks like. */
  like: string;
}

export const QUESTIONS: readonly Question[] = [
  {
    option: "project",
    setting: "PROJECT_ID",
    like: "its id, such as my-project",
  },
  { option: "region", setting: "REGION", like: "such as us-central1" },
  { option: "mode", setting: "MODE", like: "vertex or apikey" },
];

/** Before anything is asked. Throws InputError with every option that is not valid. */
export function requireValid(
  given: (option: string) => string | undefined,
): void {
  const problems = QUESTIONS.flatMap(({ option, setting }) => {
    const value = given(option);
    const problem =
      value === undefined ? undefined : findProblem(setting, value);
    return problem === undefined ? [] : [`--${option}: ${problem}`];
  });
  if (problems.length > 0) throw new InputError(problems.join("\n  "));
}

/** `envs/staging.env`. Throws InputError where the name is none, or is taken. */
export function requireFree(env: string): string {
  if (!/^[a-z][a-z0-9-]{0,29}$/.test(env)) {
    throw new InputError(
      `an env cannot have this name: expected small letters, digits and hyphens`,
    );
  }
  const file = `envs/${env}.env`;
  if (!existsSync("envs")) {
    throw new InputError("there is no folder envs/ here", {
      hint: "Run this in the project's own folder.",
    });
  }
  if (!existsSync(file)) return file;
  throw new InputError(`there is an env ${env} already: ${file}`, {
    hint: `Change it there, or see what it has: ${scriptCommand("status", env)}`,
  });
}

/** Throws InputError with everything that is not valid, and writes nothing then. `asked`: by setting. */
export function writeEnv(
  file: string,
  env: string,
  asked: ReadonlyMap<string, string>,
): void {
  const entries = [
    ...asked,
    // Apart from other envs of the project, and from those of clouddeploy.yaml.
    ["SERVICE", `litellm-proxy-${env}`] as const,
    ["DELIVERY", "direct"] as const,
  ];
  makeSettings(
    env,
    new Map(entries.map(([name, value]) => [name, { value, from: file }])),
  );
  const lines = entries.map(([name, value]) => `${name}=${value}`);
  const head = "# Settings, never secrets. Every setting: docs/settings.md.";
  writeFileSync(file, `${[head, ...lines].join("\n")}\n`, { flag: "wx" });
}
