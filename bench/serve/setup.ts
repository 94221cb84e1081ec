import { readFileSync } from "node:fs";
import type { InstanceSpec } from "../../emulator/machine/runtime/instance.ts";
import {
  readManifest,
  renderManifest,
} from "../../scripts/lib/manifest/render-manifest.ts";
import { toParameters } from "../../scripts/lib/manifest/parameters.ts";
import { toMebibytes } from "../../scripts/lib/settings/memory.ts";
import { makeSettings } from "../../scripts/lib/settings/settings.ts";

export const PROJECT_ID = "demo-bench";
export const MASTER_KEY = "sk-bench-0123456789abcdefghijklmnopqrstuvwxyz";

/** Python's own thresholds. The emulator starts LiteLLM with higher ones, which Cloud Run's image has not. */
const PYTHONS_GC = "700,10,10";

/** What an instance is, and how many there may be. */
export interface Setup {
  name: string;
  cpu: number;
  /** GiB. */
  memory: number;
  /** Requests at a time; 0 is no limit. */
  concurrency: number;
  maxInstances: number;
  minInstances: number;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** The text of LiteLLM's. */
  config: string;
  probes: Pick<InstanceSpec, "startupProbe" | "livenessProbe">;
}

/** The flags and the environment that the bash flow deployed with; LiteLLM's config is ours, so that only the settings differ. */
export function bashFlow(): Setup {
  return {
    name: "bash flow",
    cpu: 1,
    memory: 0.5,
    concurrency: 4,
    maxInstances: 8,
    minInstances: 0,
    args: ["--config", "/secrets/config.yaml", "--port", "4000"],
    env: {
      PYTHON_GC_THRESHOLD: PYTHONS_GC,
      PROJECT_ID,
      REGION: "global",
      LITELLM_MASTER_KEY: MASTER_KEY,
    },
    config: readConfig("config/litellm.vertex.yaml"),
    probes: { startupProbe: undefined, livenessProbe: undefined },
  };
}

/** config/service.yaml with the defaults of the settings. */
export function ours(): Setup {
  const place = { PROJECT_ID, REGION: "us-central1" };
  const entries = Object.entries(place).map(
    ([name, value]) => [name, { value, from: "the bench" }] as const,
  );
  const settings = makeSettings("bench", new Map(entries));
  const pins = { configVersion: "sha-000000000000", keys: { masterKey: "1" } };
  const parameters = toParameters(settings, pins);
  const service = renderManifest(readManifest(), {
    own: { keys: settings.keys, variables: settings.variables },
    parameters,
  });
  const [container] = service.spec.template.spec.containers;
  if (container === undefined) throw new Error("the manifest has no container");
  const variables = (container.env ?? []).map(({ name, value }) => [
    name,
    // The one that comes from Secret Manager.
    value ?? MASTER_KEY,
  ]);
  const { startupProbe, livenessProbe } = container as unknown as {
    [Name in keyof Setup["probes"]]: Setup["probes"][Name];
  };
  return {
    name: "ours",
    cpu: Number(settings.cpu),
    memory: toMebibytes(settings.memory) / 1024,
    concurrency: Number(settings.concurrency),
    maxInstances: Number(settings.maxInstances),
    minInstances: Number(settings.minInstances),
    args: container.args ?? [],
    env: {
      PYTHON_GC_THRESHOLD: PYTHONS_GC,
      ...(Object.fromEntries(variables) as Record<string, string>),
    },
    config: readConfig(settings.config),
    probes: {
      startupProbe: startupProbe && { ...startupProbe, initialDelaySeconds: 0 },
      livenessProbe: livenessProbe && {
        ...livenessProbe,
        initialDelaySeconds: 0,
      },
    },
  };
}

/** A copy that differs in what is named. */
export function vary(
  setup: Setup,
  name: string,
  changes: Partial<Omit<Setup, "name">>,
): Setup {
  return { ...setup, ...changes, name };
}

function readConfig(file: string): string {
  return readFileSync(file, "utf8");
}
