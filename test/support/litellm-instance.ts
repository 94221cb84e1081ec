import { Cloud, type Member } from "../../emulator/core/cloud.ts";
import { claudeRoutes } from "../../emulator/apis/anthropic/vertex.ts";
import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import { startGemini } from "../../emulator/apis/gemini/server.ts";
import { newPolicy } from "../../emulator/core/policy.ts";
import type {
  FrontEnd,
  Instance,
  MountedFile,
  Probe,
  Route,
  Runtime,
} from "../../emulator/machine/runtime/instance.ts";
import { startRuntime } from "../../emulator/machine/runtime/runtime.ts";
import { backendOf } from "./runtime.ts";

export const PROJECT_ID = "demo-litellm";
export const ACCOUNT = `litellmsa@${PROJECT_ID}.iam.gserviceaccount.com`;
export const OWNER: Member = "user:owner@example.com";

interface LitellmSetUp {
  /** The text of the config. */
  config: string;
  masterKey: string;
  geminiKey?: string;
  mayInvoke?: Route["mayInvoke"];
  /** What lies there besides the config. */
  files?: MountedFile[];
  /** Told of every line that it writes. */
  log?: (line: string) => void;
}

/** A cloud with the runtime of the emulator and none of its APIs: what a gateway runs on. */
export interface LitellmGround {
  cloud: Cloud;
  /** Starts a real LiteLLM behind Google's front end. */
  start(setUp: LitellmSetUp): Promise<{ url: string; instance: Instance }>;
  close(): Promise<void>;
}

/** `log` is told of every call of Gemini, after its answer. */
export async function startLitellmGround(
  log: (line: string) => void = () => undefined,
): Promise<LitellmGround> {
  const cloud = new Cloud();
  const project = cloud.createProject(PROJECT_ID, OWNER);
  project.enabledApis.add("aiplatform.googleapis.com");
  createServiceAccount(project, ACCOUNT, {});
  grantVertexRole(cloud);
  const gemini = await startGemini(cloud, log, [claudeRoutes(cloud)]);
  const runtime = startRuntime({ cloud, geminiUrl: gemini.url, log });
  return {
    cloud,
    async start(setUp) {
      const instance = await startLitellm(runtime, setUp);
      const frontEnd = await listen(runtime, instance, setUp.mayInvoke);
      return { url: frontEnd.url, instance };
    },
    close: async () => {
      await runtime.close();
      await gemini.close();
    },
  };
}

export function grantVertexRole(cloud: Cloud): void {
  const members = [`serviceAccount:${ACCOUNT}`];
  cloud.project(PROJECT_ID).policy = newPolicy([
    { role: "roles/owner", members: [OWNER] },
    { role: "roles/aiplatform.user", members },
  ]);
}

export function revokeVertexRole(cloud: Cloud): void {
  cloud.project(PROJECT_ID).policy = newPolicy([
    { role: "roles/owner", members: [OWNER] },
  ]);
}

function startLitellm(
  runtime: Runtime,
  { config, masterKey, geminiKey, files = [], log }: LitellmSetUp,
): Promise<Instance> {
  const lines: string[] = [];
  const started = runtime.startInstance({
    revision: "litellm-proxy-1",
    service: "litellm-proxy",
    projectId: PROJECT_ID,
    region: "us-central1",
    image: "docker.io/litellm/litellm:v1.108.14",
    command: [],
    args: ["--config", "/secrets/config.yaml", "--port", "4000"],
    env: {
      PROJECT_ID,
      REGION: "global",
      LITELLM_MASTER_KEY: masterKey,
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
      LITELLM_LOG: "ERROR",
      LITELLM_MODE: "PRODUCTION",
      ...(geminiKey !== undefined && { GEMINI_API_KEY: geminiKey }),
    },
    files: [
      { path: "/secrets/config.yaml", read: () => Buffer.from(config) },
      ...files,
    ],
    containerPort: 4000,
    cpu: 1,
    memoryBytes: 2 ** 30,
    containerConcurrency: 80,
    timeoutSeconds: 60,
    startupProbe: STARTUP_PROBE,
    livenessProbe: undefined,
    serviceAccount: ACCOUNT,
    logRequest: () => undefined,
    log: ({ text }) => {
      lines.push(text);
      log?.(text);
    },
  });
  return started.catch((cause: unknown) => {
    throw new Error(lines.join("\n"), { cause });
  });
}

const STARTUP_PROBE: Probe = {
  initialDelaySeconds: 0,
  timeoutSeconds: 2,
  periodSeconds: 1,
  failureThreshold: 240,
  httpGet: { path: "/health/readiness", port: 4000 },
};

function listen(
  runtime: Runtime,
  instance: Instance,
  mayInvoke: Route["mayInvoke"],
): Promise<FrontEnd> {
  const backends = [backendOf(instance)];
  return runtime.listen(() => ({
    backends,
    mayInvoke,
    audiences: [],
  }));
}
