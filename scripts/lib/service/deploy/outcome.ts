import { accessVersion } from "../../google/commands/secrets.ts";
import { ConflictError } from "../../cli/errors.ts";
import { formatCommand } from "../../google/gcloud.ts";
import type { ClientModel } from "../../litellm-config/client-models.ts";
import type { DeployPlan } from "./plan-deploy.ts";
import { titlesOf } from "../../plan/step.ts";
import { MASTER_KEY } from "../../settings/keys.ts";
import type { Session } from "../session.ts";
import type { Settings } from "../../settings/settings.ts";
import { readService } from "../state/read-service.ts";
import { wrapCommand } from "../../cli/wrap.ts";

/** What a deploy ends with; `--json` prints it. */
export interface Outcome {
  env: string;
  project: string;
  region: string;
  service: string;
  url: string;
  revision: string;
  image: string;
  /** A chat model to try it with. */
  model: string;
  /** The alias of the config's content. */
  configVersion: string;
  masterKeySecret: string;
  masterKeyVersion: string;
  /** Titles of the steps that ran. */
  steps: string[];
  /** Fields in which the revision that served before was different. */
  changed: string[];
}

export async function readOutcome(
  { settings, read }: Session,
  planned: DeployPlan,
  models: readonly ClientModel[],
): Promise<Outcome> {
  const service = await readService(read, settings);
  const url = service?.status?.url;
  if (url === undefined) {
    throw new ConflictError(`service ${settings.service} has no URL`, {
      hint: "Somebody removed it at the same time. Run it again.",
    });
  }
  return {
    env: settings.env,
    project: settings.projectId,
    region: settings.region,
    service: settings.service,
    url,
    revision: planned.revision,
    image: settings.image,
    model: models.find((m) => m.kind === "chat")?.name ?? "MODEL",
    configVersion: planned.pins.configVersion,
    masterKeySecret: settings.keySecrets[MASTER_KEY.name],
    masterKeyVersion: planned.pins.keys[MASTER_KEY.name] ?? "",
    steps: titlesOf(planned.plan),
    changed: (planned.differences ?? []).map((d) => d.path),
  };
}

/** For people, before anything is written: what was left half done, and what somebody added by hand and the new revision will not have. */
export function describeFound({
  dropped,
  found,
}: Pick<DeployPlan, "dropped" | "found">): string[] {
  return [
    ...found,
    ...(dropped.length === 0
      ? []
      : [
          "added by hand to the revision that serves, and not in the new one:",
          ...dropped.map((what) => `  ${what}`),
        ]),
  ];
}

/** For people: what happened, and how to use it. */
export function describeOutcome(settings: Settings, outcome: Outcome): string {
  const happened =
    outcome.steps.length === 0
      ? `Nothing to do: ${outcome.revision} serves exactly this.`
      : `Done: ${outcome.revision} serves.`;
  const lines = [
    ...formatCurl(settings, outcome),
    "",
    ...formatPython(settings, outcome),
  ];
  return `\n${happened}\n\n${lines.map((l) => `    ${l}`.trimEnd()).join("\n")}\n`;
}

function formatCurl(settings: Settings, outcome: Outcome): string[] {
  const { url, model, masterKeySecret, masterKeyVersion } = outcome;
  const key = accessVersion(settings, masterKeySecret, masterKeyVersion);
  return [
    `URL=${url}`,
    ...wrapCommand(`KEY=$(${formatCommand(key)})`, 76),
    `curl $URL/v1/chat/completions -H "Authorization: Bearer $KEY" \\`,
    ...(settings.access === "iam"
      ? [
          `  -H "X-Serverless-Authorization: Bearer $(gcloud auth print-identity-token)" \\`,
        ]
      : []),
    `  -H "Content-Type: application/json" -d '{"model": "${model}",`,
    `    "messages": [{"role": "user", "content": "Hello"}]}'`,
  ];
}

function formatPython(settings: Settings, outcome: Outcome): string[] {
  return [
    "from openai import OpenAI",
    `client = OpenAI(base_url=URL + "/v1", api_key=KEY${settings.access === "iam" ? ", default_headers={" : ")"}`,
    ...(settings.access === "iam"
      ? [`    "X-Serverless-Authorization": "Bearer " + IDENTITY_TOKEN})`]
      : []),
    `client.chat.completions.create(model="${outcome.model}",`,
    `    messages=[{"role": "user", "content": "Hello"}])`,
  ];
}
