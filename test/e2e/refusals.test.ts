import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { refuseDeploy } from "../support/refuse.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// A reader that has gone, a project that is not fit: test/deep/refusals.test.ts.

let emulator: TestEmulator;
let workspace: Workspace;
let directory: string;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  directory = await mkdtemp(path.join(tmpdir(), "litellm-cloudrun-refusals-"));
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
  await rm(directory, { recursive: true, force: true });
});

const refuse = (args: readonly string[], env?: Record<string, string>) =>
  refuseDeploy({ emulator, workspace }, args, env);

test("no login is told in two lines, with what mends it", async () => {
  const { stderr, exitCode } = await refuse(["local"], {
    CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: "",
    CLOUDSDK_CORE_ACCOUNT: "",
  });
  expect(stderr).toBe(
    "error: gcloud has no login: You do not currently have an active account selected.\n  Log in with: gcloud auth login\n",
  );
  expect(exitCode).toBe(1);
});

test("the rehearsal's own project needs no confirmation where gcloud alone names it", async () => {
  const { stderr, exitCode } = await workspace.script("deploy.ts", [
    "dev",
    "--dry-run",
  ]);
  expect(stderr).toContain("from gcloud's configuration: PROJECT_ID");
  expect(exitCode).toBe(0);
});

describe("wrong usage ends with 2 and tells what was meant:", () => {
  test.each([
    ["an option", ["local", "--dry-rum"], "Did you mean --dry-run?"],
    ["an option's value", ["--master-key=stdn"], "Did you mean stdin?"],
    ["a missing value", ["local", "--master-key"], "deploy.ts --help"],
    ["a value too many", ["local", "--json=yes"], "deploy.ts --help"],
    ["an env", ["locl"], 'Did you mean "local"?'],
    ["an env like no other", ["staging"], "apikey, dev, local, prod-eu"],
    ["an argument too many", ["local", "dev"], "unexpected argument: dev"],
  ])("%s", async (_, args, answer) => {
    const run = await refuse(args);
    expect(run.stderr).toContain(answer);
    expect(run.exitCode).toBe(2);
  });

  test("settings of an env file, all at once and with their lines", async () => {
    await writeFile(
      path.join(workspace.directory, "envs/wrong.env"),
      "PROJECT_ID=demo-litellm\nREGION=us-central1\nMEMROY=2Gi\nMODE=both\nLITELLM_MASTER_KEY=sk-x\n",
    );
    const run = await refuse(["wrong"]);
    expect(run.stderr).toContain(
      "envs/wrong.env:3: MEMROY: did you mean MEMORY?",
    );
    expect(run.stderr).toContain("envs/wrong.env:4: MODE=");
    expect(run.stderr).toContain("expected vertex or apikey");
    expect(run.stderr).toMatch(/envs\/wrong.env:5: LITELLM_MASTER_KEY: .+/);
    expect(run.stderr).not.toContain("sk-x");
    expect(run.exitCode).toBe(2);
  });
});

describe("a secret where none belongs ends with 2 and is not shown:", () => {
  const key = `sk-${"0123456789abcdef".repeat(4)}`;

  test.each([
    ["as an env", [key]],
    ["as an argument too many", ["local", key]],
    ["as an option's value", [`--master-key=${key}`]],
    ["as an option of another name", [`--key=${key}`]],
    ["as a flag's value", ["local", `--json=${key}`]],
  ])("%s", async (_, args) => {
    const run = await refuse(args);
    expect(run.stderr).toContain("error: ");
    expect(run.stderr).not.toContain("0123456789");
    expect(run.exitCode).toBe(2);
  });

  test("in the manifest", async () => {
    const shipped = `            - name: LITELLM_MODE`;
    const change = `            - name: EXTRA\n              value: ${key}\n`;
    await workspace.edit("config/service.yaml", (text) =>
      text.replace(shipped, `${change}${shipped}`),
    );
    const run = await refuse(["local", "--dry-run"]);
    expect(run.stderr).toMatch(/error: config\/service\.yaml:\d+: this looks/);
    expect(run.stderr).not.toContain("0123456789");
    expect(run.exitCode).toBe(2);
    await workspace.edit("config/service.yaml", (text) =>
      text.replace(change, ""),
    );
  });
});

describe("gcloud that cannot be used ends with 1 and tells how to mend it:", () => {
  test("it is not installed", async () => {
    const shell = path.join(directory, "bash");
    await symlink("/bin/bash", shell);
    const run = await refuse(["local"], { PATH: directory });
    expect(run.stderr).toContain("the gcloud CLI is not installed");
    expect(run.stderr).toContain("https://cloud.google.com/sdk/docs/install");
    expect(run.exitCode).toBe(1);
  });

  test("the login is no longer valid", async () => {
    const login = path.join(directory, "login.json");
    await writeFile(
      login,
      '{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"revoked"}',
    );
    const run = await refuse(["local"], {
      CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: login,
    });
    expect(run.stderr).toContain("Log in with: gcloud auth login");
    expect(run.exitCode).toBe(1);
  });

  test("its access token is no longer valid", async () => {
    const token = path.join(directory, "token");
    await writeFile(token, "ya29.expired");
    const run = await refuse(["local"], {
      CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: "",
      CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
    });
    expect(run.stderr).toContain("gcloud auth login");
    expect(run.exitCode).toBe(1);
  });
});

itConforms(() => emulator.exchanges);
