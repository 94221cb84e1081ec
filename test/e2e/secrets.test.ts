import { mkdtemp, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { leaksInto, watchForLeaks } from "../support/leaks.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";

const EARLIER = "user:earlier@example.com";
const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const WEAK = "sk-short-marker";
const MASTER_QUESTION = "LiteLLM master key (sk-…):";
const GEMINI_QUESTION = "Gemini API key (https://aistudio.google.com/apikey):";

let emulator: TestEmulator;
let workspace: Workspace;
/** Where the scripts put temporary files. */
let temporary: string;
let onNewSecret: () => void = () => undefined;

beforeAll(async () => {
  emulator = await startTestEmulator({
    litellm: "stand-in",
    record: (exchange) => {
      if (isWrite(exchange) && exchange.path.includes("secretId=")) {
        onNewSecret();
      }
    },
  });
  workspace = await makeWorkspace(emulator);
  temporary = await mkdtemp(path.join(tmpdir(), "litellm-cloudrun-leaks-"));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
  await rm(temporary, { recursive: true, force: true });
});

interface Keys {
  master: string;
  gemini: string;
}

/** Keys that nothing else holds, strong and valid. */
function newKeys(): Keys {
  const gemini = `AIzaMarker${randomBytes(20).toString("hex")}`;
  geminiOf(emulator.cloud).apiKeys.add(gemini);
  return { master: `sk-marker-${randomBytes(20).toString("hex")}`, gemini };
}

/** Runs a script and fails when it shows a secret to anybody. */
async function keepSecret(
  secrets: readonly string[],
  run: (options: { env: Record<string, string> }) => Promise<Finished>,
  env: Record<string, string> = {},
): Promise<Finished> {
  const watch = watchForLeaks(secrets, [
    temporary,
    workspace.directory,
    emulator.env.CLOUDSDK_CONFIG ?? "",
  ]);
  const lines = emulator.lines.length;
  const finished = await run({
    env: { MODE: "apikey", TMPDIR: temporary, ...env },
  }).finally(watch.stop);
  const { leaks, commands } = watch.stop();
  expect(leaks).toEqual([]);
  // The watch saw what it is there to see.
  const sawGcloud = commands.some((c) => c.includes("config config-helper"));
  expect(sawGcloud).toBe(true);
  expect(leaksInto(finished.stdout, secrets)).toBe(false);
  expect(leaksInto(finished.stderr, secrets)).toBe(false);
  expect(leaksInto(emulator.lines.slice(lines).join("\n"), secrets)).toBe(
    false,
  );
  return finished;
}

/** The newest version of a secret. */
function stored(secret: string): string | undefined {
  return emulator.cloud
    .project(emulator.projectId)
    .secrets.get(secret)
    ?.versions.at(-1)
    ?.payload?.toString();
}

function expectStored({ master, gemini }: Partial<Keys>): void {
  if (master !== undefined) expect(stored("litellm-master-key")).toBe(master);
  if (gemini !== undefined) expect(stored("litellm-gemini-key")).toBe(gemini);
}

/** The bash flow's service, with its keys as plain values, typed by somebody with a gcloud of their own. */
async function typeBashFlow({ master, gemini }: Keys): Promise<void> {
  emulator.addOwner(EARLIER);
  const project = "--project=demo-litellm";
  for (const args of [
    "services enable run.googleapis.com secretmanager.googleapis.com iam.googleapis.com",
    "iam service-accounts create litellmsa",
    `projects add-iam-policy-binding demo-litellm --member=serviceAccount:${ACCOUNT} --role=roles/secretmanager.secretAccessor --condition=None`,
    `secrets create litellm-config --data-file=config/litellm.apikey.yaml ${project}`,
    `run deploy litellm-proxy --image=docker.io/litellm/litellm:v1.108.14 --args=--config,/secrets/config.yaml,--port,4000 --port=4000 --set-secrets=/secrets/config.yaml=litellm-config:latest --set-env-vars=LITELLM_MASTER_KEY=${master},GEMINI_API_KEY=${gemini} --service-account=${ACCOUNT} --memory=1Gi --allow-unauthenticated --region=us-central1 ${project}`,
  ]) {
    const run = await emulator.gcloud(args.split(" "), {
      cwd: workspace.directory,
      env: emulator.envFor(EARLIER),
    });
    expect(`${args}: ${String(run.exitCode)} ${run.stderr}`).toContain(": 0 ");
  }
}

describe("a key that the operator brings stays secret", () => {
  test("when it is adopted from plain values", async () => {
    const keys = newKeys();
    await typeBashFlow(keys);
    const secrets = Object.values(keys);
    const preview = await keepSecret(secrets, (options) =>
      workspace.script("deploy.ts", ["local", "--adopt", "--dry-run"], options),
    );
    expect(preview.stdout).toContain("gcloud run services describe");
    const run = await keepSecret(secrets, (options) =>
      workspace.script("deploy.ts", ["local", "--adopt", "--json"], options),
    );
    expectDone(run);
    expectStored(keys);
  });

  test("when it comes from the environment", async () => {
    const keys = newKeys();
    const secrets = Object.values(keys);
    const env = {
      LITELLM_MASTER_KEY: keys.master,
      GEMINI_API_KEY: keys.gemini,
    };
    const preview = await keepSecret(
      secrets,
      (options) =>
        workspace.script("deploy.ts", ["local", "--dry-run"], options),
      env,
    );
    expect(preview.stdout).toContain('printf %s "$LITELLM_MASTER_KEY" |');
    const run = await keepSecret(
      secrets,
      (options) => workspace.script("deploy.ts", ["local", "--json"], options),
      env,
    );
    expectDone(run);
    expectStored(keys);
  });

  test.each(["master", "gemini"] as const)(
    "when the %s key comes from standard input",
    async (which) => {
      const key = newKeys()[which];
      const args = ["local", `--${which}-key=stdin`, "--json"];
      const run = await keepSecret([key], (options) =>
        workspace.script("deploy.ts", args, { ...options, input: `${key}\n` }),
      );
      expectDone(run);
      expectStored({ [which]: key });
    },
  );

  test("when it is typed at a prompt", async () => {
    const keys = newKeys();
    const args = ["local", "--master-key=prompt", "--gemini-key=prompt"];
    const run = await keepSecret(Object.values(keys), (options) =>
      workspace.scriptOnTerminal(
        "deploy.ts",
        args,
        [
          [MASTER_QUESTION, `${keys.master}\r`],
          [GEMINI_QUESTION, `${keys.gemini}\r`],
        ],
        options,
      ),
    );
    expectDone(run);
    expectStored(keys);
  });

  test("when it cannot be stored", async () => {
    const { master } = newKeys();
    const { secrets, enabledApis } = emulator.cloud.project(emulator.projectId);
    secrets.delete("litellm-master-key");
    onNewSecret = () => enabledApis.delete("secretmanager.googleapis.com");
    const run = await keepSecret(
      [master],
      (options) => workspace.script("deploy.ts", ["local"], options),
      { LITELLM_MASTER_KEY: master },
    );
    onNewSecret = () => undefined;
    enabledApis.add("secretmanager.googleapis.com");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      "adding a version to secret litellm-master-key failed",
    );
    expect(stored("litellm-master-key")).toBeUndefined();
  });
});

describe("a master key that nobody brings", () => {
  test("is generated from 256 bits", async () => {
    const run = await workspace.script("deploy.ts", ["local"], {
      env: { MODE: "apikey" },
    });
    expectDone(run);
    const key = stored("litellm-master-key") ?? "";
    expect(key).toMatch(/^sk-[0-9a-f]{64}$/);
    expect(leaksInto(run.stdout + run.stderr, [key])).toBe(false);
    expect(leaksInto(emulator.lines.join("\n"), [key])).toBe(false);
  });
});

describe("a prompt for a key", () => {
  test.each([
    ["Ctrl-C", "\x03", 130, "interrupted; nothing was changed"],
    ["Ctrl-D", "\x04", 2, "is empty"],
  ])("is left with %s, and nothing was changed", async (...given) => {
    const [, typed, exitCode, message] = given;
    const before = emulator.exchanges.length;
    const run = await workspace.scriptOnTerminal(
      "deploy.ts",
      ["local", "--master-key=prompt"],
      [[MASTER_QUESTION, typed]],
      { env: { MODE: "apikey" } },
    );
    expect(run.stdout).toContain(message);
    expect(run.exitCode).toBe(exitCode);
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });
});

describe("a weak master key", () => {
  test("is refused before any write, wherever it comes from", async () => {
    const before = emulator.exchanges.length;
    const runs = [
      await keepSecret(
        [WEAK],
        (options) => workspace.script("deploy.ts", ["local"], options),
        { LITELLM_MASTER_KEY: WEAK },
      ),
      await keepSecret(
        [WEAK],
        (options) => workspace.script("deploy.ts", ["local"], options),
        { MY_MASTER_KEY: WEAK },
      ),
      await keepSecret([WEAK], (options) =>
        workspace.script("deploy.ts", ["local", "--master-key=stdin"], {
          ...options,
          input: WEAK,
        }),
      ),
      await keepSecret([WEAK], (options) =>
        workspace.scriptOnTerminal(
          "deploy.ts",
          ["local", "--master-key=prompt"],
          [[MASTER_QUESTION, `${WEAK}\r`]],
          options,
        ),
      ),
    ];
    for (const { exitCode, stdout, stderr } of runs) {
      expect(stdout + stderr).toContain("the master key is refused");
      expect(exitCode).toBe(2);
    }
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });
});

itConforms(() => emulator.exchanges);
