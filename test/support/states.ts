import { readFileSync } from "node:fs";
import { SecretValue } from "../../scripts/lib/cli/secret-value.ts";
import type { DeployInput } from "../../scripts/lib/service/deploy/input.ts";
import { planDeploy } from "../../scripts/lib/service/deploy/plan-deploy.ts";
import { withMode } from "../../scripts/lib/manifest/mode-mark.ts";
import { renderManifest } from "../../scripts/lib/manifest/render-manifest.ts";
import {
  type SecretPins,
  toParameters,
} from "../../scripts/lib/manifest/parameters.ts";
import { mapKeys } from "../../scripts/lib/settings/keys.ts";
import {
  type Settings,
  configOf,
  makeSettings,
} from "../../scripts/lib/settings/settings.ts";
import { readNamedVariables } from "../../scripts/lib/settings/named-variables.ts";
import {
  ACCOUNT_DESCRIPTION,
  LABEL,
} from "../../scripts/lib/service/ownership.ts";
import type { Revision, Service } from "../../scripts/lib/manifest/knative.ts";
import type {
  SecretState,
  State,
} from "../../scripts/lib/service/state/state.ts";

export const manifest = readFileSync("config/service.yaml", "utf8");

const known = new Map<string, Settings>();

/** The same settings for the same values: to read the config anew is most of what many tests would do. */
export function settingsWith(values: Record<string, string> = {}): Settings {
  const id = JSON.stringify(values);
  const settings = known.get(id) ?? readSettings(values);
  known.set(id, settings);
  return settings;
}

function readSettings(values: Record<string, string>): Settings {
  const all = { PROJECT_ID: "my-project", REGION: "us-central1", ...values };
  const entries = new Map(
    Object.entries(all).map(([name, value]) => [name, { value, from: "test" }]),
  );
  return makeSettings("dev", entries, readNamedVariables(configOf(entries)));
}

export function inputWith(values: Partial<DeployInput> = {}): DeployInput {
  return {
    settings: settingsWith(),
    config: { file: "config/litellm.vertex.yaml", sha256: "a".repeat(64) },
    keys: {},
    manifest,
    adopt: false,
    attempt: "try1",
    ...values,
  };
}

export const newKey = {
  value: new SecretValue("sk-marker"),
  preview: "make-a-key",
};

/** The manifest as an env has it. */
export function rendered(
  settings: Settings,
  pins: SecretPins,
  text = manifest,
): Service {
  const parameters = toParameters(settings, pins);
  return renderManifest(text, { own: settings, parameters });
}

/** A project in which nothing was done yet. */
export function emptyState(): State {
  return {
    project: { projectId: "my-project", projectNumber: "123456789012" },
    billingEnabled: true,
    enabledApis: new Set(["serviceusage.googleapis.com"]),
    projectBindings: [],
    serviceAccount: undefined,
    secrets: {
      config: undefined,
      clientKeys: undefined,
      keys: mapKeys(() => undefined),
      own: {},
    },
    service: undefined,
    serviceBindings: [],
    revisions: [],
    otherServices: [],
    otherRevisions: [],
  };
}

/** The state after `input` was deployed into an empty project, as attempt `live`. */
export function deployedState(input: DeployInput = inputWith()): State {
  const { settings } = input;
  const member = `serviceAccount:${settings.serviceAccount}`;
  const apikey = settings.mode === "apikey";
  const { pins } = planDeploy(
    {
      ...input,
      keys: Object.fromEntries(settings.keys.map(({ name }) => [name, newKey])),
    },
    emptyState(),
  );
  const secret = (name: string, aliases = {}): SecretState => ({
    name,
    labels: { [LABEL]: "true" },
    etag: '"etag-1"',
    aliases,
    versions: [{ number: 1, state: "ENABLED" }],
    bindings: [
      { role: "roles/secretmanager.secretAccessor", members: [member] },
    ],
  });
  const contents = [
    pins.configVersion,
    ...Object.values(pins.configFiles ?? {}),
  ];
  const aliases = Object.fromEntries(
    contents.map((alias, index) => [alias, index + 1]),
  );
  const desired = withMode(
    rendered(settings, pins, input.manifest),
    settings.mode,
  );
  const revision = revisionOf(desired, `${settings.service}-live`);
  return {
    ...emptyState(),
    enabledApis: new Set([
      "aiplatform.googleapis.com",
      "iam.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
    ]),
    projectBindings: apikey
      ? []
      : [{ role: "roles/aiplatform.user", members: [member] }],
    serviceAccount: {
      email: settings.serviceAccount,
      description: ACCOUNT_DESCRIPTION,
      disabled: false,
    },
    secrets: {
      config: {
        ...secret(settings.configSecret, aliases),
        versions: Object.values(aliases)
          .map((number) => ({ number, state: "ENABLED" as const }))
          .reverse(),
      },
      clientKeys: settings.clientKeys
        ? secret(settings.clientKeysSecret)
        : undefined,
      keys: {
        ...mapKeys(() => undefined),
        ...Object.fromEntries(
          settings.keys.map((key) => [key.name, secret(key.secret)]),
        ),
      },
      own: {},
    },
    service: serviceOf(desired, revision),
    revisions: [revision],
  };
}

/** A service as Google returns it: all traffic on `revision`, fields filled in. */
export function serviceOf(rendered: Service, revision: Revision): Service {
  const traffic = [{ revisionName: revision.metadata.name, percent: 100 }];
  return {
    ...rendered,
    metadata: {
      ...rendered.metadata,
      generation: 1,
      labels: {
        ...rendered.metadata.labels,
        "cloud.googleapis.com/location": "us-central1",
      },
    },
    spec: { ...rendered.spec, traffic },
    status: {
      url: "https://litellm-proxy-123456789012.us-central1.run.app",
      latestCreatedRevisionName: revision.metadata.name,
      traffic,
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

export function revisionOf(rendered: Service, name: string): Revision {
  const { template } = rendered.spec;
  return {
    metadata: {
      ...template.metadata,
      name,
      creationTimestamp: "2026-11-24T00:00:00Z",
    },
    spec: { ...template.spec, volumes: template.spec.volumes ?? [] },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
}
