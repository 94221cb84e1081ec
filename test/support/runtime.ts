import { fileURLToPath } from "node:url";
import { Cloud } from "../../emulator/core/cloud.ts";
import { startGemini } from "../../emulator/apis/gemini/server.ts";
import { newPolicy } from "../../emulator/core/policy.ts";
import type {
  Instance,
  InstanceSpec,
  LogEntry,
  Probe,
  Route,
  Runtime,
} from "../../emulator/machine/runtime/instance.ts";
import { openPool } from "../../emulator/machine/runtime/pool.ts";
import {
  type RuntimeOptions,
  startRuntime,
} from "../../emulator/machine/runtime/runtime.ts";

/** The image that runs test/support/container.ts. */
export const TEST_IMAGE = "docker.io/example/container:v1";

export const ACCOUNT = "runner@demo-runtime.iam.gserviceaccount.com";

export interface TestRuntime {
  runtime: Runtime;
  cloud: Cloud;
  /** What the emulator said. */
  lines: string[];
  /** What containers said and what was said about them. */
  entries: LogEntry[];
  spec(changes?: Partial<InstanceSpec>): InstanceSpec;
}

/** A runtime with Gemini and no other API, with a project `demo-runtime` and its service account. */
export async function startTestRuntime(
  options: Partial<RuntimeOptions> = {},
): Promise<TestRuntime> {
  const cloud = new Cloud();
  const project = cloud.createProject("demo-runtime", "user:dev@example.com");
  project.serviceAccounts.set(ACCOUNT, {
    email: ACCOUNT,
    uniqueId: "100000000000000000001",
    displayName: "",
    description: "",
    disabled: false,
    policy: newPolicy(),
  });
  const lines: string[] = [];
  const entries: LogEntry[] = [];
  const container = fileURLToPath(new URL("container.ts", import.meta.url));
  const log = (line: string) => lines.push(line);
  const gemini = await startGemini(cloud, log);
  const started = startRuntime({
    cloud,
    geminiUrl: gemini.url,
    litellm: "stand-in",
    scripts: { [TEST_IMAGE]: container },
    log,
    ...options,
  });
  const runtime: Runtime = {
    ...started,
    async close() {
      await started.close();
      await gemini.close();
    },
  };
  const spec: TestRuntime["spec"] = (changes = {}) => ({
    revision: "hello-00001-abc",
    service: "hello",
    projectId: "demo-runtime",
    region: "us-central1",
    image: TEST_IMAGE,
    command: [],
    args: [],
    files: [],
    containerPort: 8080,
    cpu: 1,
    memoryBytes: 512 * 2 ** 20,
    containerConcurrency: 80,
    timeoutSeconds: 300,
    startupProbe: undefined,
    livenessProbe: undefined,
    serviceAccount: ACCOUNT,
    log: (entry) => entries.push(entry),
    logRequest: () => undefined,
    ...changes,
    env: { K_REVISION: "hello-00001-abc", PORT: "8080", ...changes.env },
  });
  return { runtime, cloud, lines, entries, spec };
}

export function httpProbe(path: string, changes: Partial<Probe> = {}): Probe {
  return {
    initialDelaySeconds: 0,
    timeoutSeconds: 1,
    periodSeconds: 1,
    failureThreshold: 1,
    httpGet: { path },
    ...changes,
  };
}

/** A backend that has this one instance, and no more. */
export function backendOf(
  instance: Instance,
  percent = 100,
): Route["backends"][number] {
  const pool = openPool({
    start: () =>
      instance.exitReason === undefined
        ? Promise.resolve(instance)
        : Promise.reject(new Error(instance.exitReason.message)),
    scale: () => ({
      min: 1,
      max: 1,
      concurrency: instance.spec.containerConcurrency,
    }),
    idleMs: 60_000,
  });
  return {
    percent,
    take: pool.take,
    log: (entry) => {
      instance.spec.log(entry);
    },
  };
}

/** A route open to everybody. */
export function openRoute(...backends: Route["backends"]): () => Route {
  return () => ({ backends, mayInvoke: undefined, audiences: [] });
}
