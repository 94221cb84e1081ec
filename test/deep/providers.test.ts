import { writeFile } from "node:fs/promises";
import path from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newOpenAiKey, openAiOf } from "../../emulator/apis/openai/state.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { NOTHING, takeInventory } from "../support/inventory.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// docs/providers.md, done with the real LiteLLM: OpenAI and Anthropic, without Gemini.

const CONFIG = `model_list:
  - model_name: gpt
    litellm_params: {model: openai/gpt-5.5, api_key: os.environ/OPENAI_API_KEY}
  - model_name: claude
    litellm_params: {model: anthropic/claude-haiku-4-5, api_key: os.environ/ANTHROPIC_API_KEY}
  - model_name: embedding
    litellm_params: {model: openai/text-embedding-3-small}
litellm_settings:
  drop_params: true
router_settings:
  fallbacks: [gpt: [claude]]
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`;

const ENV = `PROJECT_ID=demo-litellm
REGION=us-central1
MODE=apikey
CONFIG=config/team.yaml
SERVICE=gateway
DELIVERY=direct
PLAIN_VARIABLES=TEAM
TEAM=platform
`;

interface Outcome {
  url: string;
  revision: string;
  steps: string[];
}

let emulator: TestEmulator;
let workspace: Workspace;
/** All that the scripts said. */
let said = "";

beforeAll(async () => {
  emulator = await startTestEmulator();
  workspace = await makeWorkspace(emulator);
  const { directory } = workspace;
  await writeFile(path.join(directory, "config/team.yaml"), CONFIG);
  await writeFile(path.join(directory, "envs/team.env"), ENV);
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function run(
  script: string,
  args: string[] = [],
  options: { env?: Record<string, string>; input?: string } = {},
) {
  const finished = await workspace.script(script, ["team", ...args], options);
  said += finished.stdout + finished.stderr;
  return finished;
}

async function deploy(
  ...given: [string[]?, Parameters<typeof run>[2]?]
): Promise<Outcome> {
  const [args = [], options] = given;
  const finished = await run("deploy.ts", [...args, "--json"], options);
  expectDone(finished);
  return JSON.parse(finished.stdout) as Outcome;
}

/** What the revision that serves reads: `VARIABLE SECRET:VERSION`, or `VARIABLE=VALUE` of the env's own. */
function variables(): string[] {
  const service = findService(emulator);
  const [target] = service?.serving ?? [];
  const revision = service?.revisions.get(target?.revisionName ?? "");
  return (revision?.template.spec.containers ?? [])
    .flatMap(({ env = [] }) => env)
    .flatMap(({ name, value, valueFrom }) => {
      const from = valueFrom?.secretKeyRef;
      if (from !== undefined) {
        return [`${name} ${from.name ?? ""}:${from.key ?? ""}`];
      }
      return name === "TEAM" ? [`${name}=${value ?? ""}`] : [];
    });
}

async function ask(url: string, model: string): Promise<string | null> {
  const key = await emulator.gcloud([
    ...["secrets", "versions", "access", "latest"],
    "--secret=litellm-master-key",
  ]);
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key.stdout });
  const answer = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Hello" }],
  });
  return answer.choices[0]?.message.content ?? null;
}

test("a key that is not given is asked for, and nothing is made", async () => {
  const { exitCode, stderr } = await run("deploy.ts");
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    "config/team.yaml needs ANTHROPIC_API_KEY, and none is given or stored",
  );
  expect(takeInventory(emulator)).toMatchObject(NOTHING);
});

test("a key on the command line is refused, and not shown", async () => {
  const { exitCode, stderr } = await run("deploy.ts", [
    "--key=OPENAI_API_KEY=not-to-be-seen",
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--key=OPENAI_API_KEY=…: expected stdin or prompt");
  expect(stderr).not.toContain("not-to-be-seen");
});

test("OpenAI and Anthropic are deployed, verified and asked, each with its key", async () => {
  const { url } = await deploy(["--key=ANTHROPIC_API_KEY=stdin"], {
    env: { OPENAI_API_KEY: emulator.openaiApiKey },
    input: emulator.anthropicApiKey,
  });
  expect(variables()).toEqual([
    "LITELLM_MASTER_KEY litellm-master-key:1",
    "ANTHROPIC_API_KEY litellm-anthropic-api-key:1",
    "OPENAI_API_KEY litellm-openai-api-key:1",
    "TEAM=platform",
  ]);
  expect(await ask(url, "gpt")).toContain("This is gpt-5.5");
  expect(await ask(url, "claude")).toContain("This is claude-haiku-4-5");
}, 600_000);

test("a second deploy does nothing", async () => {
  expect(await deploy()).toMatchObject({ steps: [] });
}, 600_000);

test("a key is rotated by its variable's name", async () => {
  const input = newOpenAiKey(openAiOf(emulator.cloud));
  const args = ["--key=OPENAI_API_KEY", "--from=stdin", "--yes"];
  expectDone(await run("rotate.ts", args, { input }));
  openAiOf(emulator.cloud).apiKeys.delete(emulator.openaiApiKey);
  expect(variables()).toContain("OPENAI_API_KEY litellm-openai-api-key:2");
  expect(said).not.toContain(input);
}, 600_000);

test("a wrong key takes no traffic, and is told in the provider's words", async () => {
  const before = variables();
  const env = { OPENAI_API_KEY: "sk-wrong-0123456789abcdef" };
  const { exitCode, stderr } = await run("deploy.ts", [], { env });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Incorrect API key provided");
  expect(stderr).not.toContain(env.OPENAI_API_KEY);
  expect(variables()).toEqual(before);
}, 600_000);

test("a rollback brings a config back that names more keys, with today's", async () => {
  await workspace.edit("config/team.yaml", (text) =>
    text
      .replace(/ {2}- model_name: gpt\n.*\n/, "")
      .replace(/ {2}- model_name: embedding\n.*\n/, "")
      .replace(/router_settings:\n.*\n/, ""),
  );
  await deploy();
  expect(variables().join()).not.toContain("OPENAI_API_KEY");
  expectDone(await run("rollback.ts", ["--yes"]));
  expect(variables()).toContain("OPENAI_API_KEY litellm-openai-api-key:2");
  const url = emulator.serviceUrl("us-central1", "gateway");
  expect(await ask(url, "gpt")).toContain("This is gpt-5.5");
}, 600_000);

test("all of it is removed, the key that today's config does not name too", async () => {
  expectDone(await run("clean.ts", ["--yes"]));
  expect(takeInventory(emulator)).toMatchObject(NOTHING);
}, 600_000);

test("no key was shown", () => {
  expect(said).not.toContain(emulator.openaiApiKey);
  expect(said).not.toContain(emulator.anthropicApiKey);
});
