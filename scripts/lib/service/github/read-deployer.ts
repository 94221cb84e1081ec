import type { Confirmation } from "../../cli/confirm.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { addGrant } from "../../google/commands/policies.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { ReadApi } from "../../google/rest.ts";
import { type Plan, compact } from "../../plan/step.ts";
import { readEnvFiles } from "../../settings/env-file.ts";
import type { Settings } from "../../settings/settings.ts";
import { checkPreconditions } from "../preflight.ts";
import { readAccount, readAccountBindings } from "../state/read-project.ts";
import { readState } from "../state/read-state.ts";
import { adviseGithub } from "./by-hand.ts";
import { deployerOf } from "./deployer.ts";
import { providerName, withKnownIds } from "./federation.ts";
import {
  type DeployerState,
  planDeployer,
  planDeployerRemoval,
} from "./plan-deployer.ts";
import { readFederation } from "./read-federation.ts";
import { type GithubSource, formatOptions } from "./source.ts";
import { type Workflow, planWorkflow } from "./workflow.ts";

interface DeployerPlan {
  plan: Plan;
  /** What stays, and why. */
  kept: string[];
  /** What is left for a person. */
  notes: string[];
  /** Where the workflow is written. */
  confirmation?: Confirmation | undefined;
}

/** The workflow comes last: once it is there, a push deploys. */
export async function readDeployerPlan(
  read: ReadApi,
  settings: Settings,
  asked: GithubSource,
): Promise<DeployerPlan> {
  const { env } = settings;
  const found = await readDeployer(read, settings);
  checkPreconditions(settings, found.state, { force: false });
  const source = withKnownIds(asked, deployerOf(settings), found.federation);
  const workflow = toWorkflow(settings, found.federation.projectNumber, source);
  const { steps, confirmation } = planWorkflow(
    workflow,
    scriptCommand("setup", env, ...formatOptions(asked)),
  );
  const { file } = workflow;
  return {
    plan: compact([...planDeployer(settings, source, found), [steps]]),
    kept: [],
    notes: [
      ...adviseGithub(source, { file, does: `deploy ${env}`, env }),
      ...listUnseen(settings),
    ],
    confirmation,
  };
}

export async function readDeployerRemoval(
  read: ReadApi,
  settings: Settings,
): Promise<DeployerPlan> {
  const found = await readDeployer(read, settings);
  return { ...planDeployerRemoval(settings, found), notes: [] };
}

export function toWorkflow(
  settings: Settings,
  projectNumber: string,
  { branch }: GithubSource,
): Workflow {
  const { env, projectId } = settings;
  const deployer = deployerOf(settings);
  return {
    file: `.github/workflows/deploy-${env}.yml`,
    template: "config/github-deploy.yml",
    madeBy: scriptCommand("setup", env, "--ci=github"),
    values: {
      BRANCH: branch,
      ENV: env,
      PROJECT_ID: projectId,
      PROVIDER: providerName(deployer, projectNumber),
      ACCOUNT: deployer.email,
    },
  };
}

/** What a workflow lacks: it sees the files of the repository, and its account only what it was let see. */
function listUnseen(settings: Settings): string[] {
  const { env, image, keys, projectId } = settings;
  const written = readEnvFiles(env);
  const known = ["PROJECT_ID", ...keys.map(({ variable }) => variable)];
  const unseen = [
    ...[...written]
      .filter(([, { from }]) => from.startsWith(`envs/${env}.local.env:`))
      .map(([name]) => name),
    ...(written.has("REGION") ? [] : ["REGION"]),
  ].filter((name) => !known.includes(name));
  const [, region = "", project = "", name = ""] =
    /^([a-z0-9-]+)-docker\.pkg\.dev\/([^/]+)\/([^/]+)\//.exec(image) ?? [];
  const grant = addGrant({
    on: { kind: "repository", projectId: project, region, name },
    role: "roles/artifactregistry.reader",
    member: `serviceAccount:${deployerOf({ env, projectId }).email}`,
  });
  return [
    ...(unseen.length === 0
      ? []
      : [
          `Into envs/${env}.env, for GitHub has no other file of it: ${unseen.join(", ")}.`,
        ]),
    ...(name === ""
      ? []
      : [`The account must be able to read IMAGE: ${formatCommand(grant)}`]),
  ];
}

async function readDeployer(
  read: ReadApi,
  settings: Settings,
): Promise<DeployerState> {
  const { projectId, serviceAccount } = settings;
  const deployer = deployerOf(settings);
  const state = await readState(read, settings);
  const [account, bindings, runtimeBindings] = await Promise.all([
    readAccount(read, projectId, deployer.email),
    readAccountBindings(read, projectId, deployer.email),
    readAccountBindings(read, projectId, serviceAccount),
  ]);
  const { projectNumber } = state.project;
  const federated = { projectNumber, bindings };
  const federation = await readFederation(read, deployer, federated);
  return { state, runtimeBindings, account, federation };
}
