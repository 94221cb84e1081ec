import {
  type ConfigView,
  type Deployment,
  asText,
  nameModel,
} from "./config-view.ts";
import { findKind } from "../settings/providers.ts";
import { findModel } from "./model-map.ts";
import { type RedisUse, listRedisUses } from "./redis-uses.ts";

/** One entry of `model_list` behind a name that clients can ask for. */
interface ClientDeployment {
  /** LiteLLM's `provider/model`. */
  model: string;
  /** Its own `vertex_location`, where the config spells one out. */
  location?: string;
}

/** A name that clients can ask for. */
export interface ClientModel {
  name: string;
  /** What it is asked for; `other` can only be listed. */
  kind: "chat" | "embedding" | "other";
  /** The `model_name` that this is an alias of. */
  aliasOf?: string;
  /** Answers, but is not in the model list. */
  hidden?: true;
  deployments: ClientDeployment[];
}

/** What a valid config offers to clients (names in the order of the file, then aliases), and needs beside its models. */
export interface LitellmConfig {
  models: ClientModel[];
  redis: RedisUse[];
}

export function summarize({
  value,
  deployments,
  aliases,
}: ConfigView): LitellmConfig {
  const groups = new Map<string, ClientModel>();
  for (const deployment of deployments) {
    const { name } = deployment;
    const group = groups.get(name) ?? {
      name,
      kind: kindOf(deployment),
      deployments: [],
    };
    group.deployments.push(describe(deployment));
    groups.set(name, group);
  }
  const aliasModels = aliases.flatMap(({ name, target, hidden }) => {
    const group = groups.get(target);
    if (group === undefined) return [];
    return [
      {
        ...group,
        name,
        aliasOf: target,
        ...(hidden && { hidden: true as const }),
      },
    ];
  });
  return {
    models: [...groups.values(), ...aliasModels],
    redis: listRedisUses(value),
  };
}

function describe(deployment: Deployment): ClientDeployment {
  const { vertex_location, vertex_ai_location } = deployment.params;
  const location = asText(vertex_location) ?? asText(vertex_ai_location);
  return {
    model: nameModel(deployment),
    ...(location !== undefined &&
      !location.startsWith("os.environ/") && { location }),
  };
}

function kindOf(deployment: Deployment): ClientModel["kind"] {
  if (deployment.name.includes("*")) return "other";
  const declared = asText(deployment.info.mode);
  const model = nameModel(deployment);
  const mode = declared ?? findModel(model)?.mode ?? findKind(model) ?? "chat";
  return mode === "chat" || mode === "embedding" ? mode : "other";
}
