import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf, newGeminiApiKey } from "../../emulator/apis/gemini/state.ts";
import { WITHOUT_HOOKS, writeFiles } from "../support/config-sets.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const SET = "config/team";
const FILE = `${SET}/words.py`;

interface Deployed {
  revision: string;
  steps: string[];
}

let emulator: TestEmulator;
let workspace: Workspace;
let key: string;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  key = newGeminiApiKey(geminiOf(emulator.cloud));
  workspace = await makeWorkspace(emulator);
  await writeFiles(path.join(workspace.directory, SET), WITHOUT_HOOKS);
  await workspace.edit("envs/local.env", (text) => `${text}CONFIG=${SET}/\n`);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function run(name: string, ...args: string[]): Promise<string> {
  const done = await workspace.script(name, ["local", ...args], {
    env: { GEMINI_API_KEY: key },
  });
  expectDone(done);
  return done.stdout;
}

async function json<T>(name: string, ...args: string[]): Promise<T> {
  return JSON.parse(await run(name, "--json", ...args)) as T;
}

/** `config.yaml 1`, `words.py 4` and so on: the version of each file that the traffic sees. */
function mounted(): string[] {
  const service = findService(emulator);
  const name = service?.serving.find((t) => t.percent === 100)?.revisionName;
  const secret = emulator.cloud
    .project(emulator.projectId)
    .secrets.get("litellm-config");
  const { volumes = [] } =
    service?.revisions.get(name ?? "")?.template.spec ?? {};
  return (volumes[0]?.secret?.items ?? []).map(
    ({ key = "", path: file = "" }) =>
      `${file} ${String(secret?.versionAliases[key])}`,
  );
}

test("a directory is deployed, planned, changed file by file, and rolled back as a whole", async () => {
  const first = await json<Deployed>("deploy.ts");
  const whole = mounted();
  const names = Object.keys(WITHOUT_HOOKS).filter(
    (name) => name !== "config.yaml",
  );
  expect(whole).toEqual(
    ["config.yaml", ...names.sort()].map((name, at) => `${name} ${at + 1}`),
  );
  expect(await json<Deployed>("deploy.ts")).toMatchObject({ steps: [] });

  await workspace.edit(FILE, (text) => `${text}REFUSED.append("2")\n`);
  await workspace.edit(`${SET}/more-models.yaml`, (text) =>
    text.replace("model_name: other", "model_name: another"),
  );
  const plan = await run("plan.ts");
  expect(plan).toContain("\n  files: more-models.yaml, words.py\n");
  expect(plan).toContain('\n  + REFUSED.append("2")\n');
  const second = await json<Deployed>("deploy.ts");
  expect(second.steps).toEqual([
    `Store ${SET}/more-models.yaml in secret litellm-config`,
    `Store ${FILE} in secret litellm-config`,
    expect.stringMatching(/^Name versions 5, 6 of litellm-config: sha-/),
    expect.stringMatching(/^Bring up candidate/),
    expect.stringMatching(/^Verify/),
    expect.stringMatching(/^Give all traffic/),
  ]);
  expect(mounted()).toEqual(
    expect.arrayContaining(["more-models.yaml 5", "words.py 6"]),
  );
  // Of the included file that serves, and not of the one before.
  expect(await run("connect.ts", "opencode")).toContain("another");
  const status = await run("status.ts");
  expect(status.replaceAll(/\s+/g, " ")).toContain(
    "with models.yaml, more-models.yaml, words.py",
  );

  const list = await run("rollback.ts", "--list");
  expect(list).toContain("other more-models.yaml, words.py\n");
  expect(await json("rollback.ts", "--yes")).toMatchObject({
    to: { revision: first.revision },
  });
  expect(mounted()).toEqual(whole);
});
