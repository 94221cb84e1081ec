import { isListed } from "../litellm-config/served-names.ts";
import * as command from "./hint-commands.ts";
import { classifyAnswer } from "./classify-answer.ts";
import { CheckFailure } from "./failure.ts";
import { sendRequest } from "./http-answer.ts";
import { isRecord } from "./litellm-error.ts";
import type { Clients } from "./openai-client.ts";
import type { Run } from "./run.ts";
import type { ServedModel } from "./target.ts";

/** Clients see exactly the config's names, with and without `/v1`. Returns the failure, if they do not. */
export function checkModelList(
  run: Run,
  clients: Clients,
): Promise<CheckFailure | undefined> {
  const expected = run.target.models
    .filter((model) => model.hidden !== true)
    .map((model) => model.name);
  const plain = expected.filter((name) => !name.includes("*"));
  const patterns = expected.filter((name) => name.includes("*"));
  return run.check({ name: "models" }, async (signal) => {
    const pages = await Promise.all([
      clients.versioned.models.list({ signal }),
      clients.unversioned.models.list({ signal }),
    ]);
    for (const page of pages) compareNames(expected, page.data);
    const detail = `${plain.length} names`;
    if (patterns.length === 0) return { detail };
    const others = pages[0].data.length - plain.length;
    return {
      detail: `${detail}, and ${others} by a pattern`,
      hint: [
        `No model of ${patterns.join(", ")} was asked. Ask those that you use:`,
        command.checkModel(run.target),
      ].join("\n"),
    };
  });
}

function compareNames(expected: readonly string[], listed: unknown): void {
  const names = Array.isArray(listed)
    ? listed.map((entry) => (isRecord(entry) ? String(entry.id) : ""))
    : [];
  // LiteLLM lists every model that it knows for a pattern such as vertex_ai/*.
  const missing = expected.filter(
    (name) => !name.includes("*") && !names.includes(name),
  );
  const extra = names.filter((name) => !isListed(name, new Set(expected)));
  if (missing.length + extra.length === 0) return;
  throw new CheckFailure(
    "other-config",
    [
      missing.length > 0 ? `missing: ${missing.join(", ")}` : "",
      extra.length > 0 ? `not in the config: ${extra.join(", ")}` : "",
    ]
      .filter(Boolean)
      .join("; "),
  );
}

/** The ids by which LiteLLM's router addresses single deployments, by model name and in the config's order. */
export type DeploymentIds = ReadonlyMap<string, readonly string[]>;

/** What LiteLLM knows that a model can, as its model info calls it: `supports_vision`. By model name. */
export type Abilities = ReadonlyMap<string, ReadonlySet<string>>;

interface ModelInfo {
  name: string;
  id: string;
  model: string;
  abilities: string[];
}

/** Every name has the config's deployments behind it. Returns their ids and what they can; none where they cannot be read. */
export async function checkDeployments(
  run: Run,
): Promise<{ ids: DeploymentIds; abilities: Abilities }> {
  const ids = new Map<string, string[]>();
  const abilities = new Map<string, Set<string>>();
  const { baseUrl, masterKey: key, identityToken, models } = run.target;
  await run.check({ name: "deployments" }, async (signal) => {
    const url = `${baseUrl}/v1/model/info`;
    const answer = await sendRequest(run.target, {
      url,
      key,
      identityToken,
      signal,
    });
    const infos = readModelInfos(answer.json);
    if (infos === undefined) throw classifyAnswer(answer);
    const groups = models.filter(
      ({ name, aliasOf }) => aliasOf === undefined && !name.includes("*"),
    );
    for (const group of groups) {
      const served = infos.filter((info) => info.name === group.name);
      ids.set(
        group.name,
        served.map((info) => info.id),
      );
      abilities.set(
        group.name,
        new Set(served.flatMap((info) => info.abilities)),
      );
    }
    for (const group of groups) compareDeployments(group, infos);
    return {
      detail: `${groups.flatMap((group) => group.deployments).length} deployments`,
    };
  });
  return { ids, abilities };
}

function compareDeployments(group: ServedModel, infos: ModelInfo[]): void {
  const wanted = group.deployments.map((deployment) => deployment.model);
  const served = infos
    .filter((info) => info.name === group.name)
    .map((info) => info.model);
  const left = [...served];
  for (const model of wanted) {
    // With custom_llm_provider the config names the provider elsewhere.
    const index = left.findIndex((s) => s === model || model.endsWith(`/${s}`));
    if (index >= 0) left.splice(index, 1);
  }
  if (left.length === 0 && served.length === wanted.length) return;
  throw new CheckFailure(
    "other-config",
    `${group.name} stands for ${served.join(", ") || "nothing"}; in the config: ${wanted.join(", ")}`,
  );
}

/** Undefined where the answer is not LiteLLM's list. */
function readModelInfos(json: unknown): ModelInfo[] | undefined {
  const data = isRecord(json) ? json.data : undefined;
  if (!Array.isArray(data)) return undefined;
  return data.filter(isRecord).map((entry) => {
    const info = isRecord(entry.model_info) ? entry.model_info : {};
    const params = isRecord(entry.litellm_params) ? entry.litellm_params : {};
    return {
      name: String(entry.model_name),
      id: String(info.id),
      model: String(params.model),
      abilities: Object.keys(info).filter((name) => info[name] === true),
    };
  });
}
