import { describeService } from "../../scripts/lib/google/commands/run.ts";
import { inProject, inRegion } from "../../scripts/lib/google/places.ts";
import type { Answer } from "./run.ts";
import { type Question, readError, readOutput } from "./question.ts";

/** What nobody has. */
const MISSING = "acceptance-missing";

export const traffic: Question = {
  belief: "candidates",
  question: "What serves, and which tags are there?",
  ask: (settings) => describeService(settings).args,
  read: readTraffic,
  rehearsed: "one revision by name, 100 %; no tag",
};

export const alias: Question = {
  belief: "secrets",
  question: "Which alias has the config's version?",
  ask: (settings) => [
    ...["secrets", "describe", settings.configSecret, inProject(settings)],
    "--format=json(versionAliases)",
  ],
  read: (answer) =>
    readOutput(answer)
      .replace(/"sha-[0-9a-f]{12}"/, '"sha-HASH"')
      .replaceAll(/\s/g, ""),
  rehearsed: '{"versionAliases":{"sha-HASH":"1"}}',
};

export const delayedDestruction: Question = {
  belief: "delayed-destruction",
  question: "What is a version that was destroyed with a delay?",
  ask: (settings) => [
    ...["secrets", "versions", "describe", "1"],
    `--secret=${settings.keySecrets.masterKey}`,
    inProject(settings),
    "--format=json(state,scheduledDestroyTime)",
  ],
  read: (answer) =>
    readOutput(answer)
      .replace(/"\d{4}-[^"]+"/, '"TIME"')
      .replaceAll(/\s/g, ""),
  rehearsed: '{"scheduledDestroyTime":"TIME","state":"DISABLED"}',
};

export const missingService: Question = {
  belief: "run-writes",
  question: "What is said of a service that is not there?",
  ask: (settings) => describeService({ ...settings, service: MISSING }).args,
  read: readError,
  rehearsed: `Cannot find service [${MISSING}]`,
};

/** Refusals that change nothing, in Google's own words. */
export const refusals: readonly Question[] = [
  missingService,
  {
    belief: "secrets",
    question: "What is said of a secret that is not there?",
    ask: (settings) => ["secrets", "describe", MISSING, inProject(settings)],
    read: readError,
    rehearsed: `NOT_FOUND: Secret [projects/NUMBER/secrets/${MISSING}] not found.`,
  },
  {
    belief: "secrets",
    question: "What is said of a secret that is there already?",
    ask: (settings) => [
      ...["secrets", "create", settings.configSecret],
      inProject(settings),
    ],
    read: (answer, { configSecret }) =>
      readError(answer).replaceAll(configSecret, "SECRET"),
    rehearsed:
      "Resource in projects [PROJECT] is the subject of a conflict: Secret [projects/NUMBER/secrets/SECRET] already exists.",
  },
  {
    belief: "service-accounts",
    question: "What is said of an account that is there already?",
    ask: (settings) => [
      ...["iam", "service-accounts", "create"],
      nameOf(settings.serviceAccount),
      inProject(settings),
    ],
    read: (answer, { serviceAccount }) =>
      readError(answer).replaceAll(nameOf(serviceAccount), "NAME"),
    rehearsed:
      "Resource in projects [PROJECT] is the subject of a conflict: Service account NAME already exists within project projects/PROJECT.",
  },
  {
    belief: "run-places",
    question: "What is said of a revision that is not there?",
    ask: (settings) => [
      ...["run", "revisions", "describe", MISSING],
      ...inRegion(settings),
    ],
    read: readError,
    rehearsed: `Cannot find revision [${MISSING}]`,
  },
  {
    belief: "projects",
    question: "What is said of a project that is not there, or not yours?",
    ask: () => ["projects", "describe", `${MISSING}-project`],
    read: readError,
    rehearsed: `[ACCOUNT] does not have permission to access projects instance [${MISSING}-project] (or it may not exist): The caller does not have permission.`,
  },
];

/** Without `@…`. */
function nameOf(email: string): string {
  return email.split("@")[0] ?? email;
}

function readTraffic(answer: Answer): string {
  if (answer.exitCode !== 0) return readError(answer);
  const { status } = JSON.parse(answer.stdout) as {
    status?: {
      traffic?: { revisionName?: string; percent?: number; tag?: string }[];
    };
  };
  const targets = status?.traffic ?? [];
  const serving = targets.filter(({ percent = 0 }) => percent > 0);
  const tags = targets.flatMap(({ tag }) => tag ?? []);
  const who =
    serving.length === 1 && serving[0]?.revisionName !== undefined
      ? "one revision by name"
      : `${String(serving.length)} targets`;
  const percents = serving.map(({ percent }) => `${String(percent)} %`);
  return `${who}, ${percents.join(" and ")}; ${tags.length === 0 ? "no tag" : `tags ${tags.join(", ")}`}`;
}
