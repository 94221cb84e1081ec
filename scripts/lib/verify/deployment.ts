import { classifyError } from "./classify-error.ts";
import type { Passed } from "./attempt.ts";
import { CheckFailure, type FailureFacts } from "./failure.ts";
import type { DeploymentIds } from "./list-checks.ts";
import type { ModelAnswer, ModelCall } from "./model-calls.ts";
import type { ServedModel } from "./target.ts";

/** One deployment behind a name, and how to reach it. */
export interface Deployment {
  name: string;
  /** How results call it. */
  subject: string;
  /** Undefined where LiteLLM did not tell: then it can only be asked by name. */
  id: string | undefined;
  /** The only one behind its name. */
  alone: boolean;
  facts: FailureFacts;
}

export function deploymentsOf(
  group: ServedModel,
  ids: DeploymentIds,
): Deployment[] {
  const known = ids.get(group.name) ?? [];
  if (known.length !== group.deployments.length) {
    const facts = factsOf(group.deployments[0]);
    const { name } = group;
    return [{ name, subject: name, id: undefined, alone: true, facts }];
  }
  const alone = known.length === 1;
  return group.deployments.map((deployment, index) => ({
    name: group.name,
    subject: alone
      ? group.name
      : `${group.name} [${index + 1}/${known.length}]`,
    id: known[index],
    alone,
    facts: factsOf(deployment),
  }));
}

function factsOf(
  deployment: ServedModel["deployments"][number] | undefined,
): FailureFacts {
  return {
    ...(deployment?.model !== undefined && { model: deployment.model }),
    ...(deployment?.location !== undefined && {
      location: deployment.location,
    }),
  };
}

/**
 * Asks one deployment by its id. LiteLLM's router takes an id in place of a
 * name: it reaches that deployment alone, past cooldowns and past retries, so
 * the error is the model's own.
 */
export async function askDeployment(
  deployment: Deployment,
  ask: (call: ModelCall) => Promise<ModelAnswer>,
  call: Omit<ModelCall, "model">,
): Promise<Passed> {
  const { id, name } = deployment;
  if (id === undefined) return ask({ ...call, model: name });
  let answer: ModelAnswer;
  try {
    answer = await ask({ ...call, model: id });
  } catch (error) {
    if (classifyError(error)?.kind !== "unknown-name") throw error;
    const { detail } = await ask({ ...call, model: name });
    return {
      detail,
      hint: "This LiteLLM takes no deployment ids: of several deployments, any may have answered.",
    };
  }
  if (answer.deploymentId !== undefined && answer.deploymentId !== id) {
    throw new CheckFailure("other-deployment", "another deployment answered");
  }
  return { detail: answer.detail, hint: answer.hint };
}
