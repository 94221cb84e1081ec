import * as commands from "./commands.ts";
import { UserError } from "./errors.ts";
import { formatCommand } from "./gcloud.ts";
import type { DeployPlan } from "./plan/plan-deploy.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings/settings.ts";
import { readService } from "./state/read-service.ts";

/** What a deploy ends with; `--json` prints it. */
export interface Outcome {
  env: string;
  project: string;
  region: string;
  service: string;
  url: string;
  revision: string;
  image: string;
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
): Promise<Outcome> {
  const service = await readService(read, settings);
  const url = service?.status?.url;
  if (url === undefined) {
    throw new UserError(`service ${settings.service} has no URL`, {
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
    configVersion: planned.pins.configVersion,
    masterKeySecret: settings.masterKeySecret,
    masterKeyVersion: planned.pins.masterKeyVersion,
    steps: planned.plan.flat().map((step) => step.title),
    changed: (planned.differences ?? []).map((d) => d.path),
  };
}

/** For people: what happened, and how to use it. */
export function describeOutcome(settings: Settings, outcome: Outcome): string {
  const { url } = outcome;
  const key = formatCommand(
    commands.printSecret(
      settings,
      outcome.masterKeySecret,
      outcome.masterKeyVersion,
    ),
  );
  const happened =
    outcome.steps.length === 0
      ? `Nothing to do: ${outcome.revision} serves exactly this.`
      : `Done: ${outcome.revision} serves.`;
  const identity =
    settings.access === "iam"
      ? ` \\\n    -H "X-Serverless-Authorization: Bearer $(gcloud auth print-identity-token)"`
      : "";
  const headers =
    settings.access === "iam"
      ? `,\n                  default_headers={"X-Serverless-Authorization": "Bearer ..."}`
      : "";
  return `
${happened}

  URL   ${url}
  Key   ${key}

  KEY=$(${key})
  curl ${url}/v1/chat/completions -H "Authorization: Bearer $KEY"${identity} \\
    -H "Content-Type: application/json" \\
    -d '{"model": "gemini-3.5-flash", "messages": [{"role": "user", "content": "Hello"}]}'

  from openai import OpenAI
  client = OpenAI(base_url="${url}/v1", api_key=KEY${headers})
  client.chat.completions.create(model="gemini-3.5-flash",
                                 messages=[{"role": "user", "content": "Hello"}])
`;
}
