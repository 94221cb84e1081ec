import { afterAll, beforeAll, expect, test } from "vitest";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// A vertex_project that the config spells out, and that is not PROJECT_ID, with
// the real LiteLLM.

const OTHER = "demo-models";
const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator();
  const other = emulator.cloud.createProject(OTHER, DEVELOPER);
  other.enabledApis.add("aiplatform.googleapis.com");
  workspace = await makeWorkspace(emulator);
  await workspace.edit("config/litellm.vertex.yaml", (text) =>
    text.replace(
      "vertex_project: os.environ/PROJECT_ID",
      `vertex_project: ${OTHER}`,
    ),
  );
}, 300_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

async function deploy(): Promise<{ exitCode: number; said: string }> {
  const { exitCode, stderr } = await workspace.script("deploy.ts");
  return { exitCode, said: stderr.replaceAll(/\s+/g, " ") };
}

test("is a warning, and the refusal of the other project is told without waiting for it", async () => {
  const { exitCode, said } = await deploy();
  expect(exitCode).toBe(1);
  expect(said).toContain(
    `warning: vertex_project is ${OTHER}, and PROJECT_ID is demo-litellm: a deploy gives the service no role in another project`,
  );
  expect(said).toContain(
    `403 PERMISSION_DENIED: Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/${OTHER}/`,
  );
  expect(said).toContain(
    `The config has this model in ${OTHER}, and a deploy gives ${ACCOUNT} a role in demo-litellm alone.`,
  );
  // A permission that was granted just now would be asked for again and again.
  expect(said).not.toMatch(/after (a|\d+) retr|Google has not seen/);
});

test("answers once whoever has the other project gives the role there", async () => {
  const given = await emulator.gcloud([
    ...["projects", "add-iam-policy-binding", OTHER],
    `--member=serviceAccount:${ACCOUNT}`,
    ...["--role=roles/aiplatform.user", "--condition=None"],
  ]);
  expect(given.exitCode, given.stderr).toBe(0);
  const { exitCode, said } = await deploy();
  expect(exitCode, said).toBe(0);
  expect(said).toContain(`warning: vertex_project is ${OTHER}`);
  expectDone(await workspace.script("verify.ts", ["local", "--quick"]));
});

itConforms(() => emulator.exchanges);
