import { type Deployment, askDeployment, deploymentsOf } from "./deployment.ts";
import { embed, embedTacitly } from "./embedding-call.ts";
import type { DeploymentIds } from "./list-checks.ts";
import { completeStreamed, completeWhole } from "./model-calls.ts";
import type { Clients } from "./openai-client.ts";
import type { Run } from "./run.ts";
import type { ServedModel } from "./target.ts";

/** What the checks of models share. */
interface ModelChecks {
  run: Run;
  clients: Clients;
  ids: DeploymentIds;
  /** Whether to tell what is worth knowing of vectors, too: no deploy says it each time. */
  advises: boolean;
}

/** Every deployment behind every name answers, and so does every alias. Returns the names of which all chat. */
export async function checkModels(checks: ModelChecks): Promise<string[]> {
  const { models } = checks.run.target;
  const groups = models.filter(
    ({ kind, aliasOf }) => kind !== "other" && aliasOf === undefined,
  );
  const names = await Promise.all(
    groups.map(async (group) => {
      const aliases = models.filter((model) => model.aliasOf === group.name);
      const answers = await checkGroup(checks, group, aliases);
      return answers && group.kind === "chat" ? [group.name] : [];
    }),
  );
  return names.flat();
}

/** A name that stands for several deployments, and an alias, are asked once more as clients ask. */
async function checkGroup(
  checks: ModelChecks,
  group: ServedModel,
  aliases: readonly ServedModel[],
): Promise<boolean> {
  const deployments = deploymentsOf(group, checks.ids);
  const checkOne = group.kind === "chat" ? checkChat : checkEmbeddings;
  const answering = await Promise.all(
    deployments.map((deployment) => checkOne(checks, deployment)),
  );
  const names = deployments.length > 1 ? [group, ...aliases] : aliases;
  // By name the router may choose the deployment that is known to fail.
  const all = !answering.includes(false);
  await Promise.all(names.map((model) => checkName(checks, model, all)));
  return all;
}

/** Whole on `/v1`, streamed without it. */
async function checkChat(
  { run, clients }: ModelChecks,
  deployment: Deployment,
): Promise<boolean> {
  const { subject, facts } = deployment;
  const failure = await run.check({ name: "chat", subject, facts }, (signal) =>
    askDeployment(deployment, completeWhole, {
      run,
      client: clients.versioned,
      signal,
    }),
  );
  if (failure !== undefined) {
    run.skip({ name: "stream", subject }, "not tried: see chat");
    return false;
  }
  // By name where that leaves no doubt who answers: this is how clients ask.
  const asked = deployment.alone
    ? { ...deployment, id: undefined }
    : deployment;
  await run.check({ name: "stream", subject, facts }, (signal) =>
    askDeployment(asked, completeStreamed, {
      run,
      client: clients.unversioned,
      signal,
    }),
  );
  return true;
}

async function checkEmbeddings(
  { run, clients, advises }: ModelChecks,
  deployment: Deployment,
): Promise<boolean> {
  const { subject, facts, name, alone } = deployment;
  const check = { name: "embeddings", subject, facts } as const;
  const failure = await run.check(check, async (signal) => {
    const call = { run, client: clients.versioned, signal };
    const ask = advises ? embed : embedTacitly;
    const passed = await askDeployment(deployment, ask, call);
    if (alone) {
      await embed({ ...call, client: clients.unversioned, model: name });
    }
    return passed;
  });
  return failure === undefined;
}

async function checkName(
  { run, clients }: ModelChecks,
  model: ServedModel,
  answers: boolean,
): Promise<void> {
  const check = {
    name: model.kind === "chat" ? "chat" : "embeddings",
    subject: model.name,
  } as const;
  if (!answers) {
    run.skip(check, `not tried: see ${model.aliasOf ?? "its deployments"}`);
    return;
  }
  const ask = model.kind === "chat" ? completeWhole : embed;
  await run.check(check, async (signal) => {
    const answer = await ask({
      run,
      client: clients.unversioned,
      model: model.name,
      signal,
    });
    const detail =
      model.aliasOf === undefined
        ? answer.detail
        : `${answer.detail} (${model.aliasOf})`;
    return { detail };
  });
}
