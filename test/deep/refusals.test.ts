import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { refuseDeploy } from "../support/refuse.ts";
import { scriptCommand } from "../support/quick-scripts/script-command.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

const refuse = (args: readonly string[], env?: Record<string, string>) =>
  refuseDeploy({ emulator, workspace }, args, env);

describe("a reader that has gone is no failure:", () => {
  test.each([
    ["standard output after one line", "DEPLOY local --dry-run | head -1", "("],
    ["standard output at once", "DEPLOY local --dry-run | true", ""],
    ["standard error", "DEPLOY local --dry-run 2>&1 >/dev/null | true", ""],
  ])("%s", async (_, line, printed) => {
    const { command, args, env } = scriptCommand("deploy.ts", []);
    const deploy = `'${command}' ${args.map((arg) => `'${arg}'`).join(" ")}`;
    const run = await workspace.paste(
      `${line.replace("DEPLOY", deploy)}; echo "\${PIPESTATUS[0]}"`,
      { env },
    );
    expect(run.stderr).not.toMatch(/EPIPE|\n +at /);
    expect(run.stdout).toBe(`${printed === "" ? "" : `${printed}\n`}0\n`);
  });
});

describe("a project that is not fit ends with 1 and names the command:", () => {
  test("there is no such project", async () => {
    const run = await refuse(["local"], { PROJECT_ID: "demo-elsewhere" });
    expect(run.stderr).toContain("no active project demo-elsewhere");
    expect(run.stderr).toContain("gcloud projects list");
    expect(run.exitCode).toBe(1);
  });

  test("the service account is disabled", async () => {
    await emulator.gcloud(["services", "enable", "iam.googleapis.com"]);
    await emulator.gcloud(["iam", "service-accounts", "create", "litellmsa"]);
    const account = emulator.cloud.serviceAccount(ACCOUNT);
    if (account !== undefined) account.disabled = true;
    const run = await refuse(["local"]);
    expect(run.stderr).toContain(
      `gcloud iam service-accounts enable ${ACCOUNT} --project=demo-litellm`,
    );
    expect(run.exitCode).toBe(1);
    if (account !== undefined) account.disabled = false;
  });

  test("Cloud Deploy owns the service", async () => {
    await emulator.gcloud(["services", "enable", "run.googleapis.com"]);
    const made = await emulator.gcloud([
      ...["run", "deploy", "litellm-proxy", "--region=us-central1"],
      "--image=us-docker.pkg.dev/cloudrun/container/hello",
      "--labels=litellm-cloudrun=true,managed-by=google-cloud-deploy",
      "--no-allow-unauthenticated",
    ]);
    expect(`${String(made.exitCode)} ${made.stderr}`).toMatch(/^0 /);
    const run = await refuse(["local"]);
    expect(run.stderr).toContain("is deployed by Cloud Deploy");
    expect(run.stderr).toContain("npx tsx scripts/deploy.ts local --force");
    expect(run.exitCode).toBe(1);
    const forced = await workspace.script("deploy.ts", [
      ...["local", "--force", "--adopt", "--dry-run"],
    ]);
    expect(forced.stderr).not.toContain("error:");
    expect(forced.exitCode).toBe(0);
  });
});

itConforms(() => emulator.exchanges);
