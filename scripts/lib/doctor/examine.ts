import { InputError } from "../cli/errors.ts";
import { createApiReader } from "../google/rest.ts";
import { readManifest } from "../manifest/render-manifest.ts";
import { refuseDemoProject } from "../service/session.ts";
import { neededApis } from "../service/prepare/plan-access.ts";
import { loadSettings } from "../settings/load-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { type Facts, readFacts } from "./facts.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { judgeImage } from "./image.ts";
import { judgeMachine } from "./judge-machine.ts";
import { type Permits, judgePermissions } from "./judge-permissions.ts";
import { judgePolicies, judgeProject } from "./judge-project.ts";
import { judgeService } from "./judge-service.ts";
import type { Machine } from "./machine.ts";
import {
  examineConfig,
  judgeConfig,
  judgeModels,
  listPlaced,
} from "./models.ts";
import type { Task } from "./permissions.ts";
import { judgeQuota } from "./quota.ts";
import { valueOf } from "./seen.ts";

/** Looks at everything that an env relies on. Throws InputError where the env itself is not valid. */
export async function examine(
  env: string,
  task: Task,
  machine: Machine,
): Promise<Finding[]> {
  const ofMachine = judgeMachine(machine);
  const loaded = load(env, machine);
  if ("finding" in loaded) return [...ofMachine, loaded.finding];
  const { settings, note } = loaded;
  const config = examineConfig(settings, readManifest(), new Date());
  const context = valueOf(machine.context);
  const unreached = "reason" in machine.clock;
  if (context === undefined || unreached) {
    const why = unreached ? "it cannot be reached" : "there is no login";
    return [
      ...ofMachine,
      note,
      warning(
        "Google",
        `could not be looked at: ${why}. Nothing is known of the project, its permissions and the service.`,
      ),
      judgeImage(settings, undefined),
      ...judgeConfig(config),
    ];
  }
  refuseDemoProject(context, settings);
  const placed = listPlaced(settings, config.models);
  const read = createApiReader(context, settings.projectId);
  const facts = await readFacts(read, settings, placed);
  const vertex = valueOf(facts.apis)?.has("aiplatform.googleapis.com");
  return [
    ...ofMachine,
    note,
    ...judgeProject(settings, facts),
    ...judgePolicies(settings, facts),
    ...judgePermissions(task, settings, toPermits(settings, facts, machine)),
    ...judgeService(settings, facts),
    judgeQuota(settings, facts.quotas),
    judgeImage(settings, facts.image),
    ...judgeConfig(config),
    ...judgeModels(settings, facts.models, vertex !== false),
  ];
}

/** That nobody has named the project yet is a finding: it is no reason to look at nothing. */
function load(
  env: string,
  { gcloud, properties }: Machine,
): { settings: Settings; note: Finding } | { finding: Finding } {
  try {
    const { settings, fromShell, guessed } = loadSettings(env, {
      PROJECT_ID: properties.core?.project,
      REGION: properties.run?.region,
    });
    const where = `${settings.service} in ${settings.projectId}, ${settings.region}, mode ${settings.mode}`;
    const from = [
      ...fromShell.map((set) => `${set} from the shell`),
      ...guessed.map((set) => `${set} from gcloud's configuration`),
    ];
    return {
      settings,
      note: ok("settings", [where, ...from].join("; ")),
    };
  } catch (error) {
    if (!(error instanceof InputError) || !lacksProject(error)) throw error;
    const asked =
      "reason" in gcloud
        ? "there is no gcloud to ask"
        : "gcloud's configuration has none";
    return {
      finding: problem(
        "settings",
        `PROJECT_ID is not set, and ${asked}: the project and what is in it could not be looked at`,
        `Set it in envs/${env}.env or in the shell.`,
      ),
    };
  }
}

/** And nothing else is wrong. */
function lacksProject({ message }: InputError): boolean {
  const [problem, ...others] = message.split("\n").slice(1);
  const lacks = problem?.startsWith("  PROJECT_ID is not set") === true;
  return lacks && others.length === 0;
}

function toPermits(
  settings: Settings,
  facts: Facts,
  { properties }: Machine,
): Permits {
  const secrets = [...facts.secrets].filter(
    ([, seen]) => valueOf(seen) !== undefined,
  );
  const there = [
    ...(valueOf(facts.account) === undefined ? [] : ["account"]),
    ...(valueOf(facts.service) === undefined ? [] : ["service"]),
    ...secrets.map(([name]) => `secret ${name}`),
  ];
  const apis = valueOf(facts.apis);
  return {
    held: facts.held,
    member: toMember(properties),
    there: new Set(there),
    prepared:
      neededApis(settings.mode).every((api) => apis?.has(api) === true) &&
      there.includes("account") &&
      secrets.length === facts.secrets.size,
  };
}

function toMember({ core, auth }: Machine["properties"]): string {
  const email = auth?.impersonate_service_account ?? core?.account ?? "ACCOUNT";
  const kind = email.endsWith(".gserviceaccount.com")
    ? "serviceAccount"
    : "user";
  return `${kind}:${email}`;
}
