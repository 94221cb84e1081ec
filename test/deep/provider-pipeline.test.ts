import { randomBytes } from "node:crypto";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { NOTHING, takeInventory } from "../support/inventory.ts";
import { leaksInto } from "../support/leaks.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// A key that the config of a pipeline's stages names: made by setup, stored and pinned by a release; and one that
// config/service.yaml names, which is the user's own.

const KEY = `first-${randomBytes(20).toString("hex")}`;
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";

let emulator: TestEmulator;
let workspace: Workspace;
/** All that the scripts said. */
let said = "";

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.setProject(env, "demo-litellm");
  }
  await workspace.edit("config/litellm.vertex.yaml", (text) =>
    text.replace(
      "model_list:",
      `model_list:
  - model_name: gpt
    litellm_params:
      model: openai/gpt-5.5
      api_key: os.environ/OPENAI_API_KEY
      api_base: os.environ/OPENAI_BASE`,
    ),
  );
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function run(name: string, args: string[], env = {}) {
  const finished = await workspace.script(name, args, { env });
  said += finished.stdout + finished.stderr;
  return finished;
}

function secret(name = "litellm-openai-api-key"): string | undefined {
  return takeInventory(emulator).secrets.find((line) =>
    line.startsWith(`${name} `),
  );
}

/** An entry of the manifest's environment. */
async function addEntry(entry: string): Promise<void> {
  await workspace.edit("config/service.yaml", (text) =>
    text.replace(
      "            - name: LITELLM_LOG",
      `            - name: TEAM_HOOK_TOKEN\n${entry}\n            - name: LITELLM_LOG`,
    ),
  );
}

test("its secret is made by setup, for the deployer to fill", async () => {
  expectDone(await run("setup.ts", ["--yes"]));
  expect(secret()).toContain(" versions= ");
  expect(secret()).toContain(
    "roles/secretmanager.admin serviceAccount:litellm-deployer@",
  );
  pushImage(
    emulator.cloud,
    DEVELOPER,
    "us-central1-docker.pkg.dev/demo-litellm/litellm/tools:latest",
    {
      digest: `sha256:${"7".repeat(64)}`,
      content: { kind: "tools", directory: workspace.directory },
    },
  );
});

test("a secret of one's own that the manifest names is granted by setup", async () => {
  const made = await emulator.gcloud([
    ...["secrets", "create", "team-hook", "--replication-policy=automatic"],
    `--data-file=${path.join(workspace.directory, "envs/dev.env")}`,
  ]);
  expect(made.exitCode).toBe(0);
  await addEntry(
    [
      "              valueFrom:",
      "                secretKeyRef:",
      "                  name: team-hook",
      '                  key: "1"',
    ].join("\n"),
  );
  expectDone(await run("setup.ts", ["--yes"]));
  expect(secret("team-hook")).toContain(
    "roles/secretmanager.secretAccessor serviceAccount:litellmsa@",
  );
});

test("a secret that stands in the manifest is refused with its place before anything is released", async () => {
  const before = takeInventory(emulator);
  const entry = "              value: not-a-token-of-anything";
  await addEntry(entry);
  const refused = await run("release.ts", [], { COMMIT_SHA });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(
    /config\/service\.yaml:\d+: TEAM_HOOK_TOKEN is written into the file/,
  );
  expect(takeInventory(emulator)).toEqual(before);
  await workspace.edit("config/service.yaml", (text) =>
    text.replace(`            - name: TEAM_HOOK_TOKEN\n${entry}\n`, ""),
  );
});

test("every stage must have what the config needs beside it", async () => {
  await workspace.edit(
    "envs/dev.env",
    (text) => `${text}OPENAI_BASE=https://eu.api.openai.com/v1\n`,
  );
  const release = await run("release.ts", ["--dry-run"], { COMMIT_SHA });
  expect(release.exitCode).toBe(2);
  expect(release.stderr).toContain("Write OPENAI_BASE=… into envs/prod-us.env");
});

test("a release stores it, and pins it for each stage", async () => {
  for (const env of ["prod-us", "prod-eu"]) {
    await workspace.edit(
      `envs/${env}.env`,
      (text) => `${text}OPENAI_BASE=https://api.openai.com/v1\n`,
    );
  }
  const missing = await run("release.ts", ["--dry-run"], { COMMIT_SHA });
  expect(missing.stderr).toContain(
    "config/litellm.vertex.yaml needs OPENAI_API_KEY",
  );
  const release = await run("release.ts", ["--dry-run"], {
    COMMIT_SHA,
    OPENAI_API_KEY: KEY,
  });
  expectDone(release);
  expect(release.stdout).toContain(
    'printf %s "$OPENAI_API_KEY" | gcloud secrets versions add litellm-openai-api-key ',
  );
  const pinned = release.stdout.match(
    /- name: OPENAI_API_KEY\n\s+valueFrom:\n\s+secretKeyRef:\n\s+name: "?litellm-openai-api-key"?\n\s+key: "1"\n/g,
  );
  // Three stages, each in its service as it is and as it is to be.
  expect(pinned).toHaveLength(6);
  expect(release.stdout).toContain("value: https://eu.api.openai.com/v1\n");
  expect(release.stdout).toContain("litellm-cloudrun-mode: vertex");
  expect(release.stdout).toMatch(
    /- name: TEAM_HOOK_TOKEN\n\s+valueFrom:\n\s+secretKeyRef:\n\s+name: team-hook\n/,
  );
});

test("it goes with the pipeline", async () => {
  expectDone(await run("setup.ts", ["--remove", "--yes"]));
  expectDone(await run("clean.ts", ["dev", "--yes"]));
  // It is not ours, and the grant was.
  expect(secret("team-hook")).toMatch(/^team-hook /);
  expect(secret("team-hook")).not.toContain("litellmsa@");
  await emulator.gcloud(["secrets", "delete", "team-hook", "--quiet"]);
  expect(takeInventory(emulator)).toMatchObject(NOTHING);
});

test("its value is shown by nothing that was said or logged", () => {
  expect(leaksInto(said + emulator.lines.join("\n"), [KEY])).toBe(false);
});

itConforms(() => emulator.exchanges);
