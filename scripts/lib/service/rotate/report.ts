import { accessVersion } from "../../google/commands/secrets.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { titlesOf } from "../../plan/step.ts";
import { MASTER_KEY } from "../../settings/keys.ts";
import type { RotatePlan, Rotation } from "./plan-rotate.ts";

/** What a rotation ends with; `--json` prints it. */
export interface RotateOutcome {
  env: string;
  project: string;
  region: string;
  service: string;
  secret: string;
  version: number;
  revision: string;
  /** Other services that have an older version still. */
  left: string[];
  steps: string[];
}

export function toRotateOutcome(
  { input, secret, users }: Rotation,
  { plan, version, revision }: RotatePlan,
): RotateOutcome {
  const { env, projectId, region, service } = input.settings;
  return {
    env,
    project: projectId,
    region,
    service,
    secret: secret.name,
    version,
    revision,
    left: users
      .filter((user) => user.version !== version)
      .map((user) => user.service),
    steps: titlesOf(plan),
  };
}

/** For people, before anything is written: what changes for whom. */
export function describeRotation(
  { input, secret, users }: Rotation,
  { found, revision }: RotatePlan,
): string[] {
  const { key, settings } = input;
  return [
    ...found,
    `A new ${key.title} for ${settings.service}: ${revision} is pinned to it.`,
    ...(key.name === MASTER_KEY.name
      ? [
          "LiteLLM without a database knows one master key at a time: from the moment\nthe traffic moves, clients with the old one are refused.",
        ]
      : []),
    ...(users.length === 0
      ? []
      : [
          `${users.map((user) => user.service).join(", ")} shares secret ${secret.name}, and keeps its version until it is moved: --all`,
        ]),
  ];
}

export function describeRotated(
  { input }: Rotation,
  { secret, version, revision, left, steps }: RotateOutcome,
): string {
  if (steps.length === 0) return `\nNothing to do: ${revision} serves.`;
  const read = accessVersion(input.settings, secret, String(version));
  return [
    `\nDone: ${revision} serves with version ${String(version)} of ${secret}.`,
    `Read it: ${formatCommand(read)}`,
    ...(left.length === 0
      ? []
      : [`The old version stays enabled for ${left.join(", ")}.`]),
  ].join("\n");
}
