import { accessVersion } from "../../google/commands/secrets.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { titlesOf } from "../../plan/step.ts";
import { MASTER_KEY } from "../../settings/keys.ts";
import { type RotatePlan, type Rotation, isStaged } from "./plan-rotate.ts";

/** What a rotation ends with; `--json` prints it. */
export interface RotateOutcome {
  env: string;
  project: string;
  region: string;
  service: string;
  secret: string;
  version: number;
  revision: string;
  /** Stored, and not served yet: a release brings it. */
  waits: boolean;
  /** Other services that have an older version still. */
  left: string[];
  steps: string[];
}

export function toRotateOutcome(
  rotation: Rotation,
  { plan, version, revision }: RotatePlan,
): RotateOutcome {
  const { input, secret, users } = rotation;
  const { env, projectId, region, service } = input.settings;
  return {
    env,
    project: projectId,
    region,
    service,
    secret: secret.name,
    version,
    revision,
    waits: isStaged(rotation) && version > rotation.pinned,
    left: users
      .filter((user) => user.version !== version)
      .map((user) => user.service),
    steps: titlesOf(plan),
  };
}

/** For people, before anything is written: what changes for whom. */
export function describeRotation(
  rotation: Rotation,
  { found, plan, version, revision }: RotatePlan,
): string[] {
  const { input, secret, users } = rotation;
  const { key, settings } = input;
  if (plan.length === 0 || version === rotation.pinned) return found;
  return [
    ...found,
    isStaged(rotation)
      ? `A new ${key.title} for ${settings.service}: it serves with the next release that reaches env ${settings.env}.`
      : `A new ${key.title} for ${settings.service}: ${revision} is pinned to it.`,
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
  { env, secret, version, revision, waits, left, steps }: RotateOutcome,
): string {
  if (waits) {
    return [
      `\nVersion ${String(version)} of ${secret} is stored; ${revision} serves with the one before.`,
      `1. A release brings it: ${scriptCommand("release")}`,
      `2. To this env: ${scriptCommand("promote", env)}`,
      `3. Then the old version goes: ${scriptCommand("rotate", env, `--key=${input.key.option}`)}`,
    ].join("\n");
  }
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
