import type { Confirmation } from "../../cli/confirm.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { type Plan, compact } from "../../plan/step.ts";
import { idOf } from "../pipeline-state.ts";
import type { PipelineSession } from "../session.ts";
import type { SetupState } from "../setup-state.ts";
import { providerId, withKnownIds } from "./federation.ts";
import { planFederation } from "./plan-federation.ts";
import { readFederation } from "./read-federation.ts";
import { type GithubSource, formatOptions } from "./source.ts";
import { planWorkflow } from "./workflow.ts";

interface GithubPlan {
  plan: Plan;
  confirmation: Confirmation | undefined;
  /** What was asked for, with the numbers that are known of it. */
  source: GithubSource;
}

/** Reads what there is of GitHub's part, and plans the rest of it. The workflow comes last: once it is there, a push releases. */
export async function readGithubPlan(
  { read, place, stages }: PipelineSession,
  asked: GithubSource,
  { pipeline }: SetupState,
): Promise<GithubPlan> {
  const found = await readFederation(read, place);
  const provider = found.providers.find(
    (one) => idOf(one) === providerId(place).provider,
  );
  const source = withKnownIds(asked, provider);
  const { steps, confirmation } = planWorkflow(
    place,
    {
      projectNumber: pipeline.project.projectNumber,
      env: stages[0].env,
      source,
    },
    scriptCommand("setup", ...formatOptions(asked)),
  );
  const federation = planFederation(place, source, found, pipeline);
  return { plan: compact([...federation, [steps]]), confirmation, source };
}
