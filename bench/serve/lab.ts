import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import { geminiOf, noFaults } from "../../emulator/apis/gemini/state.ts";
import { startGemini } from "../../emulator/apis/gemini/server.ts";
import { Cloud, type Member } from "../../emulator/core/cloud.ts";
import { newPolicy } from "../../emulator/core/policy.ts";
import type {
  ExitReason,
  Instance,
  InstanceSpec,
} from "../../emulator/machine/runtime/instance.ts";
import { openPool } from "../../emulator/machine/runtime/pool.ts";
import { startRuntime } from "../../emulator/machine/runtime/runtime.ts";
import {
  ANY_CORE_LAUNCHER,
  INSTANCE_LAUNCHER,
  holdClientToCore,
} from "./cores.ts";
import { PROJECT_ID, type Setup } from "./setup.ts";

const OWNER: Member = "user:owner@example.com";
const ACCOUNT = `litellmsa@${PROJECT_ID}.iam.gserviceaccount.com`;

/** The emulated Cloud Run and Gemini, in this process, which one core has for itself; instances have the other. */
export interface Lab {
  /** Of the emulated Gemini. */
  geminiUrl: string;
  /** A token that it takes. */
  token: string;
  /** How long it takes until it answers, and between the chunks of a stream. */
  answerAfter(milliseconds: number, betweenChunks?: number): void;
  /** `instances`: how many there may be; `setup.maxInstances` by default. `core: "any"`: not held to one. */
  open(setup: Setup, options?: OpenOptions): Promise<Gateway>;
  close(): Promise<void>;
}

export interface OpenOptions {
  instances?: number;
  core?: "own" | "any";
}

/** A service of Cloud Run with LiteLLM, behind Google's front end. */
export interface Gateway {
  setup: Setup;
  url: string;
  /** Seconds that each start took until its probe passed. */
  starts: readonly number[];
  /** Those that are up. */
  instances: ReadonlySet<Instance>;
  /** Of instances that ended by themselves. */
  crashes: readonly ExitReason[];
  /** Resolves when an instance is ready, whatever the minimum. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  holdClientToCore();
  const cloud = new Cloud();
  const project = cloud.createProject(PROJECT_ID, OWNER);
  project.enabledApis.add("aiplatform.googleapis.com");
  createServiceAccount(project, ACCOUNT, {});
  project.policy = newPolicy([
    { role: "roles/owner", members: [OWNER] },
    { role: "roles/aiplatform.user", members: [`serviceAccount:${ACCOUNT}`] },
  ]);
  const gemini = await startGemini(cloud, () => undefined);
  const options = {
    cloud,
    geminiUrl: gemini.url,
    // Nobody listens there: what would leave this machine is refused at once.
    proxyUrl: "http://127.0.0.1:9",
    mostInstances: 100,
  };
  const held = startRuntime({ ...options, launcher: INSTANCE_LAUNCHER });
  const free = startRuntime({ ...options, launcher: ANY_CORE_LAUNCHER });
  return {
    geminiUrl: gemini.url,
    token: cloud.newAccessToken(OWNER),
    answerAfter(delayMs, chunkDelayMs = 0) {
      geminiOf(cloud).faults = { ...noFaults(), delayMs, chunkDelayMs };
    },
    open: (setup, { instances = setup.maxInstances, core = "own" } = {}) =>
      openGateway(core === "own" ? held : free, setup, instances),
    async close() {
      await Promise.all([held.close(), free.close()]);
      await gemini.close();
    },
  };
}

async function openGateway(
  runtime: ReturnType<typeof startRuntime>,
  setup: Setup,
  max: number,
): Promise<Gateway> {
  const starts: number[] = [];
  const instances = new Set<Instance>();
  const crashes: ExitReason[] = [];
  const pool = openPool({
    start: async () => {
      const began = performance.now();
      const instance = await runtime.startInstance(toSpec(setup));
      starts.push((performance.now() - began) / 1000);
      instances.add(instance);
      void instance.exited.then((reason) => {
        instances.delete(instance);
        if (reason.cause !== "stopped") crashes.push(reason);
      });
      return instance;
    },
    scale: () => ({
      min: Math.min(setup.minInstances, max),
      max,
      concurrency: setup.concurrency,
    }),
    idleMs: 600_000,
  });
  const backend = { percent: 100, take: pool.take, log: () => undefined };
  const frontEnd = await runtime.listen(() => ({
    backends: [backend],
    mayInvoke: undefined,
    audiences: [],
  }));
  return {
    setup,
    url: frontEnd.url,
    starts,
    instances,
    crashes,
    ready: () => pool.ensure(),
    close: async () => {
      frontEnd.abort();
      await pool.stop();
    },
  };
}

function toSpec(setup: Setup): InstanceSpec {
  const { config } = setup;
  return {
    revision: "litellm-proxy-1",
    service: "litellm-proxy",
    projectId: PROJECT_ID,
    region: "us-central1",
    image: "docker.io/litellm/litellm:v1.108.14",
    command: [],
    args: [...setup.args],
    env: { ...setup.env },
    files: [{ path: "/secrets/config.yaml", read: () => Buffer.from(config) }],
    containerPort: 4000,
    cpu: setup.cpu,
    memoryBytes: setup.memory * 2 ** 30,
    containerConcurrency: setup.concurrency,
    timeoutSeconds: 600,
    ...setup.probes,
    serviceAccount: ACCOUNT,
    log: () => undefined,
    logRequest: () => undefined,
  };
}
