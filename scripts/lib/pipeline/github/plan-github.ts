import type { Confirmation } from "../../cli/confirm.ts";
import { UserError } from "../../cli/errors.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { deleteTrigger } from "../../google/commands/builds.ts";
import { formatCommand } from "../../google/gcloud.ts";
import { type Plan, compact } from "../../plan/step.ts";
import {
  type Federated,
  type Federation,
  providerName,
  withKnownIds,
} from "../../service/github/federation.ts";
import { planFederation } from "../../service/github/plan-federation.ts";
import { readFederation } from "../../service/github/read-federation.ts";
import {
  type GithubSource,
  formatOptions,
} from "../../service/github/source.ts";
import { type Workflow, planWorkflow } from "../../service/github/workflow.ts";
import { accountEmail } from "../accounts.ts";
import type { PipelineState } from "../pipeline-state.ts";
import type { PipelinePlace } from "../place.ts";
import type { PipelineSession } from "../session.ts";
import type { SetupState } from "../setup-state.ts";
import { isOurTrigger } from "../triggers.ts";

export const RELEASE_WORKFLOW = ".github/workflows/release.yml";

interface GithubPlan {
  plan: Plan;
  confirmation: Confirmation | undefined;
  /** What was asked for, with the numbers that are known of it. */
  source: GithubSource;
}

/** Reads what there is of GitHub's part, and plans the rest of it. The workflow comes last: once it is there, a push releases. */
export async function readGithubPlan(
  { read, place, stages: [{ env }] }: PipelineSession,
  asked: GithubSource,
  { pipeline }: SetupState,
): Promise<GithubPlan> {
  refuseTriggers(place, pipeline);
  const releaser = releaserOf(place);
  const found = await readFederation(read, releaser, federatedOf(pipeline));
  const source = withKnownIds(asked, releaser, found);
  const federation = planFederation(releaser, source, found);
  const { projectNumber } = pipeline.project;
  const { steps, confirmation } = planWorkflow(
    toWorkflow(place, { projectNumber, env, source }),
    scriptCommand("setup", ...formatOptions(asked)),
  );
  return { plan: compact([...federation, [steps]]), confirmation, source };
}

/** What GitHub releases as: the account that builds main. */
export function releaserOf({ projectId }: PipelinePlace): Federation {
  return {
    projectId,
    pool: "litellm-github",
    provider: "github",
    email: accountEmail(projectId, "build"),
    may: "release",
  };
}

export function federatedOf({ project, accounts }: PipelineState): Federated {
  const { projectNumber } = project;
  return { projectNumber, bindings: accounts.build?.bindings ?? [] };
}

/** `env`: the pipeline's first stage. */
export function toWorkflow(
  place: PipelinePlace,
  of: { projectNumber: string; env: string; source: GithubSource },
): Workflow {
  const { projectNumber, env, source } = of;
  const { projectId, images } = place;
  return {
    file: RELEASE_WORKFLOW,
    template: "config/github-release.yml",
    madeBy: scriptCommand("setup", "--ci=github"),
    values: {
      BRANCH: source.branch,
      PROJECT_ID: projectId,
      IMAGES: images,
      REGISTRY: images.split("/")[0] ?? "",
      PROVIDER: providerName(releaserOf(place), projectNumber),
      BUILD_ACCOUNT: accountEmail(projectId, "build"),
      DEPLOYER_ACCOUNT: accountEmail(projectId, "deployer"),
      ENV: env,
    },
  };
}

export function refuseTriggers(
  place: PipelinePlace,
  { triggers }: PipelineState,
): void {
  const ours = triggers.filter(isOurTrigger);
  const [trigger] = ours;
  if (trigger === undefined) return;
  throw new UserError(
    `Cloud Build's trigger ${trigger.name} releases or checks the same pushes already. Nothing was changed.`,
    {
      hint: `Choose one of them. Without Cloud Build's: ${ours
        .map(({ name }) => formatCommand(deleteTrigger(place, name)))
        .join(" && ")}`,
    },
  );
}
