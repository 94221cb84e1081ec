import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { type Deployed, deployLocal } from "../support/deploy-local.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import type {
  CheckResult,
  VerifyReport,
} from "../../scripts/lib/verify/target.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// docs/providers.md, "Redis", whole: LiteLLM's own client and a Redis that answers it.

const CONFIG = `
model_list:
  - model_name: gemini-3.5-flash
    litellm_params:
      model: vertex_ai/gemini-3.5-flash
litellm_settings:
  vertex_project: os.environ/PROJECT_ID
  vertex_location: os.environ/REGION
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    port: os.environ/REDIS_PORT
    password: os.environ/REDIS_PASSWORD
router_settings:
  redis_host: os.environ/REDIS_HOST
  redis_port: os.environ/REDIS_PORT
  redis_password: os.environ/REDIS_PASSWORD
`;

let redis: ChildProcess;
let emulator: TestEmulator;
let workspace: Workspace;
let first: Deployed;

beforeAll(async () => {
  const directory = path.join(inject("clients"), "redis");
  const python = path.join(directory, "venv/bin/python");
  redis = spawn(python, ["redis_server.py"], {
    cwd: directory,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(redis.stdout ?? redis, "data")) as [Buffer];
  emulator = await startTestEmulator();
  workspace = await makeWorkspace(emulator);
  await workspace.edit("config/litellm.vertex.yaml", () => CONFIG);
  await workspace.edit("envs/local.env", (text) =>
    [
      text,
      "NETWORK=default",
      "VPC_EGRESS=private-ranges-only",
      "REDIS_HOST=127.0.0.1",
      `REDIS_PORT=${port.toString().trim()}`,
      "",
    ].join("\n"),
  );
  const env = { REDIS_PASSWORD: "not-a-password-of-anything" };
  expectDone(await workspace.script("deploy.ts", ["local"], { env }));
  first = await deployLocal(workspace);
});

afterAll(async () => {
  await endRedis();
  await emulator.close();
  await workspace.remove();
});

async function endRedis(): Promise<void> {
  if (redis.exitCode !== null) return;
  redis.stdin?.end();
  await once(redis, "close");
}

/** What verify says of each Redis that the config names. */
async function verifyRedis(): Promise<CheckResult[]> {
  const run = await workspace.script("verify.ts", [
    ...["local", "--quick", "--json"],
  ]);
  const { results } = JSON.parse(run.stdout) as VerifyReport;
  expect(run.exitCode).toBe(results.every(({ ok }) => ok) ? 0 : 1);
  return results.filter(({ check }) => check === "redis");
}

/** The id of the answer to a question: each answer of Gemini's has its own. */
async function ask(content: string): Promise<string> {
  const { secrets } = emulator.cloud.project(emulator.projectId);
  const key = secrets.get("litellm-master-key")?.versions.at(-1)?.payload;
  const response = await fetch(`${first.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key?.toString() ?? ""}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      model: "gemini-3.5-flash",
      messages: [{ role: "user", content }],
    }),
  });
  expect(response.status).toBe(200);
  const { id = "" } = (await response.json()) as { id?: string };
  return id;
}

test("what one revision answered, the next one has from Redis", async () => {
  const answer = await ask("What is kept?");
  expect(answer).toMatch(/./);
  expect(await ask("What is kept?")).toBe(answer);
  expect(await ask("What is new?")).not.toBe(answer);
  const { revision } = await deployLocal(workspace, "--master-key=generate");
  expect(revision).not.toBe(first.revision);
  expect(await ask("What is kept?")).toBe(answer);
});

test("the password is a secret, host and port are plain, and the way is the network's", () => {
  const { template } = findService(emulator) ?? {};
  const env = template?.spec.containers[0].env ?? [];
  const named = (name: string) => env.find((entry) => entry.name === name);
  expect(named("REDIS_HOST")).toMatchObject({ value: "127.0.0.1" });
  expect(named("REDIS_PASSWORD")).toMatchObject({
    valueFrom: { secretKeyRef: { key: "1" } },
  });
  expect(template?.metadata.annotations).toMatchObject({
    "run.googleapis.com/vpc-access-egress": "private-ranges-only",
  });
});

test("verify asks for the Redis of the cache and of the router, and LiteLLM answers without either", async () => {
  const parts = ["cache_params", "router_settings"];
  expect(await verifyRedis()).toMatchObject(
    parts.map((subject) => ({ subject, ok: true, detail: "answers" })),
  );
  await endRedis();
  const [cache, router] = await verifyRedis();
  expect(cache).toMatchObject({ subject: parts[0], ok: false });
  expect(cache?.detail).toContain("cannot write to its cache");
  expect(router).toMatchObject({ subject: parts[1], ok: false });
  expect(router?.detail).toContain("Connection refused");
  expect(router?.hint).toContain("Look at REDIS_HOST");
  expect(router?.hint).toContain("VPC_EGRESS=private-ranges-only");
  expect(await ask("What is kept?")).toMatch(/./);
});
