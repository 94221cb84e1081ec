import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import {
  type Keys,
  type Watched,
  closeWatched,
  expectStored,
  keepSecret,
  newKeys,
  openWatched,
  stored,
} from "../support/keep-secret.ts";

const EARLIER = "user:earlier@example.com";
const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const WEAK = "sk-short-marker";
const MASTER_QUESTION = "LiteLLM master key (sk-…):";
const GEMINI_QUESTION = "Gemini API key (https://aistudio.google.com/apikey):";

let watched: Watched;

beforeAll(async () => {
  watched = await openWatched();
});

afterAll(() => closeWatched(watched));

/** The bash flow's service, with its keys as plain values, typed by somebody with a gcloud of their own. */
async function typeBashFlow({ master, gemini }: Keys): Promise<void> {
  watched.emulator.addOwner(EARLIER);
  const project = "--project=demo-litellm";
  for (const args of [
    "services enable run.googleapis.com secretmanager.googleapis.com iam.googleapis.com",
    "iam service-accounts create litellmsa",
    `projects add-iam-policy-binding demo-litellm --member=serviceAccount:${ACCOUNT} --role=roles/secretmanager.secretAccessor --condition=None`,
    `secrets create litellm-config --data-file=config/litellm.apikey.yaml ${project}`,
    `run deploy litellm-proxy --image=docker.io/litellm/litellm:v1.108.14 --args=--config,/secrets/config.yaml,--port,4000 --port=4000 --set-secrets=/secrets/config.yaml=litellm-config:latest --set-env-vars=LITELLM_MASTER_KEY=${master},GEMINI_API_KEY=${gemini} --service-account=${ACCOUNT} --memory=1Gi --allow-unauthenticated --region=us-central1 ${project}`,
  ]) {
    const run = await watched.emulator.gcloud(args.split(" "), {
      cwd: watched.workspace.directory,
      env: watched.emulator.envFor(EARLIER),
    });
    expect(`${args}: ${String(run.exitCode)} ${run.stderr}`).toContain(": 0 ");
  }
}

describe("a key that the operator brings stays secret", () => {
  test("when it is adopted from plain values", async () => {
    const keys = newKeys(watched);
    await typeBashFlow(keys);
    const secrets = Object.values(keys);
    const preview = await keepSecret(watched, secrets, (options) =>
      watched.workspace.script(
        "deploy.ts",
        ["local", "--adopt", "--dry-run"],
        options,
      ),
    );
    expect(preview.stdout).toContain("gcloud run services describe");
    const run = await keepSecret(watched, secrets, (options) =>
      watched.workspace.script(
        "deploy.ts",
        ["local", "--adopt", "--json"],
        options,
      ),
    );
    expectDone(run);
    expectStored(watched, keys);
  });

  test.each(["master", "gemini"] as const)(
    "when the %s key comes from standard input",
    async (which) => {
      const key = newKeys(watched)[which];
      const args = ["local", `--${which}-key=stdin`, "--json"];
      const run = await keepSecret(watched, [key], (options) =>
        watched.workspace.script("deploy.ts", args, {
          ...options,
          input: `${key}\n`,
        }),
      );
      expectDone(run);
      expectStored(watched, { [which]: key });
    },
  );

  test("when it is typed at a prompt", async () => {
    const keys = newKeys(watched);
    const args = ["local", "--master-key=prompt", "--gemini-key=prompt"];
    const run = await keepSecret(watched, Object.values(keys), (options) =>
      watched.workspace.scriptOnTerminal(
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
    expectStored(watched, keys);
  });

  test("when it cannot be stored", async () => {
    const { master } = newKeys(watched);
    const { secrets, enabledApis } = watched.emulator.cloud.project(
      watched.emulator.projectId,
    );
    secrets.delete("litellm-master-key");
    watched.onNewSecret = () =>
      enabledApis.delete("secretmanager.googleapis.com");
    const run = await keepSecret(
      watched,
      [master],
      (options) => watched.workspace.script("deploy.ts", ["local"], options),
      { LITELLM_MASTER_KEY: master },
    );
    watched.onNewSecret = () => undefined;
    enabledApis.add("secretmanager.googleapis.com");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      "adding a version to secret litellm-master-key failed",
    );
    expect(stored(watched, "litellm-master-key")).toBeUndefined();
  });
});

describe("a prompt for a key", () => {
  test.each([
    ["Ctrl-C", "\x03", 130, "interrupted; nothing was changed"],
    ["Ctrl-D", "\x04", 2, "is empty"],
  ])("is left with %s, and nothing was changed", async (...given) => {
    const [, typed, exitCode, message] = given;
    const before = watched.emulator.exchanges.length;
    const run = await watched.workspace.scriptOnTerminal(
      "deploy.ts",
      ["local", "--master-key=prompt"],
      [[MASTER_QUESTION, typed]],
      { env: { MODE: "apikey" } },
    );
    expect(run.stdout).toContain(message);
    expect(run.exitCode).toBe(exitCode);
    expect(watched.emulator.exchanges.slice(before).filter(isWrite)).toEqual(
      [],
    );
  });
});

describe("a weak master key", () => {
  test("is refused before any write, wherever it comes from", async () => {
    const before = watched.emulator.exchanges.length;
    const runs = [
      await keepSecret(
        watched,
        [WEAK],
        (options) => watched.workspace.script("deploy.ts", ["local"], options),
        { LITELLM_MASTER_KEY: WEAK },
      ),
      await keepSecret(
        watched,
        [WEAK],
        (options) => watched.workspace.script("deploy.ts", ["local"], options),
        { MY_MASTER_KEY: WEAK },
      ),
      await keepSecret(watched, [WEAK], (options) =>
        watched.workspace.script("deploy.ts", ["local", "--master-key=stdin"], {
          ...options,
          input: WEAK,
        }),
      ),
      await keepSecret(watched, [WEAK], (options) =>
        watched.workspace.scriptOnTerminal(
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
    expect(watched.emulator.exchanges.slice(before).filter(isWrite)).toEqual(
      [],
    );
  });
});

itConforms(() => watched.emulator.exchanges);
