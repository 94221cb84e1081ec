import {
  PIPELINE_ACCOUNTS,
  type PipelineAccount,
  accountDescription,
  accountEmail,
} from "../../scripts/lib/pipeline/accounts.ts";
import { PIPELINE_APIS } from "../../scripts/lib/pipeline/apis.ts";
import { listGrants } from "../../scripts/lib/pipeline/grants.ts";
import { mapKeys } from "../../scripts/lib/settings/keys.ts";
import {
  type PipelineFile,
  type Resource,
  readPipelineFile,
} from "../../scripts/lib/pipeline/pipeline-file.ts";
import {
  type PipelinePlace,
  bucketOf,
  placeOf,
  repositoryOf,
} from "../../scripts/lib/pipeline/place.ts";
import { renderPipeline } from "../../scripts/lib/pipeline/render-pipeline.ts";
import type {
  EnvState,
  SetupState,
} from "../../scripts/lib/pipeline/setup-state.ts";
import {
  type Settings,
  makeSettings,
} from "../../scripts/lib/settings/settings.ts";
import type {
  CloudResource,
  PipelineState,
} from "../../scripts/lib/pipeline/pipeline-state.ts";
import {
  ACCOUNT_DESCRIPTION,
  LABEL,
} from "../../scripts/lib/service/ownership.ts";
import type { Binding, Holder } from "../../scripts/lib/google/policy.ts";
import { emptyState } from "./states.ts";

export function envWith(
  env: string,
  values: Record<string, string> = {},
): Settings {
  const all = { PROJECT_ID: "my-project", REGION: "us-central1", ...values };
  const entries = Object.entries(all).map(
    ([name, value]) => [name, { value, from: "test" }] as const,
  );
  return makeSettings(env, new Map(entries));
}

/** The stages of clouddeploy.yaml: dev by itself, the prod regions in a project of their own. */
export const stages: Settings[] = [
  envWith("dev"),
  envWith("prod-us", { PROJECT_ID: "prod-project", SERVICE: "gateway" }),
  envWith("prod-eu", {
    PROJECT_ID: "prod-project",
    SERVICE: "gateway",
    REGION: "europe-west1",
    ACCESS: "public",
  }),
];

export const file: PipelineFile = readPipelineFile();

export function placeFor(settings: readonly Settings[]): PipelinePlace {
  const [first] = settings;
  if (first === undefined) throw new Error("no stage");
  return placeOf(first, "litellm");
}

/** Projects in which nothing was done yet. */
export function emptySetup(settings: readonly Settings[]): SetupState {
  const numbers = [...new Set(settings.map((s) => s.projectId))];
  return {
    pipeline: emptyPipeline(),
    envs: settings.map((s) => ({
      settings: s,
      project: {
        ...emptyState(),
        project: {
          projectId: s.projectId,
          projectNumber: String(100 + numbers.indexOf(s.projectId)),
        },
      },
      accountBindings: [],
    })),
  };
}

function emptyPipeline(): PipelineState {
  const accounts = Object.keys(PIPELINE_ACCOUNTS).map((name) => [
    name,
    undefined,
  ]);
  return {
    project: { projectId: "my-project", projectNumber: "100" },
    billingEnabled: true,
    enabledApis: new Set(),
    projectBindings: [],
    accounts: Object.fromEntries(accounts) as PipelineState["accounts"],
    repository: undefined,
    bucket: undefined,
    pipeline: undefined,
    targets: [],
    automations: [],
    triggers: [],
  };
}

/** The state after a setup into empty projects, triggers aside. */
export function setUp(settings: readonly Settings[]): SetupState {
  const place = placeFor(settings);
  const empty = emptySetup(settings);
  const targets = empty.envs.map((e) => ({
    settings: e.settings,
    projectNumber: e.project.project.projectNumber,
    lets: undefined,
  }));
  const grants = listGrants(place, targets);
  const bindings = (on: Holder): Binding[] =>
    grants
      .filter((g) => JSON.stringify(g.on) === JSON.stringify(on))
      .map(({ role, member }) => ({ role, members: [member] }));
  const labels = { [LABEL]: "true" };
  const { projectId } = place;
  const resources = renderPipeline(file, settings).map(toCloud);
  const names = Object.keys(PIPELINE_ACCOUNTS) as PipelineAccount[];
  return {
    pipeline: {
      ...empty.pipeline,
      enabledApis: new Set(PIPELINE_APIS),
      projectBindings: bindings({ kind: "project", projectId }),
      accounts: Object.fromEntries(
        names.map((name) => {
          const email = accountEmail(projectId, name);
          return [
            name,
            {
              email,
              description: accountDescription(name),
              disabled: false,
              bindings: bindings({ kind: "account", projectId, email }),
            },
          ];
        }),
      ) as PipelineState["accounts"],
      repository: { labels, bindings: bindings(repositoryOf(place)) },
      bucket: {
        labels,
        projectNumber: "100",
        bindings: bindings(bucketOf(place)),
      },
      pipeline: resources[0],
      targets: resources.filter((r) => r.name.startsWith("targets/")),
      automations: resources.filter((r) => r.name.startsWith("automations/")),
    },
    envs: empty.envs.map((env) => prepare(env, bindings)),
  };
}

function prepare(
  { settings, project }: EnvState,
  bindings: (on: Holder) => Binding[],
): EnvState {
  const { projectId, serviceAccount } = settings;
  const secret = (name: string) => ({
    name,
    labels: { [LABEL]: "true" },
    etag: '"1"',
    aliases: {},
    versions: [],
    bindings: bindings({ kind: "secret", projectId, name }),
  });
  return {
    settings,
    project: {
      ...project,
      enabledApis: new Set([
        "aiplatform.googleapis.com",
        "iam.googleapis.com",
        "run.googleapis.com",
        "secretmanager.googleapis.com",
      ]),
      projectBindings: [
        ...bindings({ kind: "project", projectId }),
        {
          role: "roles/aiplatform.user",
          members: [`serviceAccount:${serviceAccount}`],
        },
      ],
      serviceAccount: {
        email: serviceAccount,
        description: ACCOUNT_DESCRIPTION,
        disabled: false,
      },
      secrets: {
        config: secret(settings.configSecret),
        clientKeys: undefined,
        keys: {
          ...mapKeys(() => undefined),
          ...Object.fromEntries(
            settings.keys.map((key) => [key.name, secret(key.secret)]),
          ),
        },
        own: {},
      },
    },
    accountBindings: bindings({
      kind: "account",
      projectId,
      email: serviceAccount,
    }),
  };
}

/** What Google shows of an applied resource. */
function toCloud({ metadata, kind, ...fields }: Resource): CloudResource {
  const { labels = {}, name } = metadata;
  const collection = `${kind[0]?.toLowerCase() ?? ""}${kind.slice(1)}s`;
  return {
    ...(JSON.parse(
      JSON.stringify(fields).replaceAll(
        /"(\d+)m"/g,
        (_, minutes: string) => `"${String(Number(minutes) * 60)}s"`,
      ),
    ) as object),
    name: `${collection}/${name.split("/").at(-1) ?? ""}`,
    labels,
    uid: "1",
    etag: "1",
    apiVersion: undefined,
  };
}
