import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  const { enabledApis } = emulator.cloud.project("demo-litellm");
  enabledApis.add("secretmanager.googleapis.com").add("iam.googleapis.com");
  await callRest(
    emulator,
    "POST",
    "/v1/projects/demo-litellm/serviceAccounts",
    {
      accountId: "litellmsa",
    },
  );
});
afterAll(() => emulator.close());

function secrets(args: string[], input?: string) {
  return emulator.gcloud(
    ["secrets", ...args],
    input === undefined ? {} : { input },
  );
}

async function describeSecret(id: string): Promise<Record<string, unknown>> {
  const { stdout } = await secrets(["describe", id, "--format=json"]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("gcloud secrets", () => {
  it("creates one from a file and reads it by number, latest and alias", async () => {
    const created = await secrets(
      [
        "create",
        "litellm-config",
        "--data-file=-",
        "--labels=litellm-cloudrun=dev",
      ],
      "model_list: []\n",
    );
    expect(created.stderr).toContain("Created version [1]");
    const added = await secrets(
      ["versions", "add", "litellm-config", "--data-file=-"],
      "second\n",
    );
    expect(added.stderr).toContain("Created version [2]");
    const named = await secrets([
      "update",
      "litellm-config",
      "--update-version-aliases=sha-0123456789ab=1",
    ]);
    expect(named.exitCode, named.stderr).toBe(0);
    const read = (version: string) =>
      secrets(["versions", "access", version, "--secret=litellm-config"]);
    const [byNumber, latest, byAlias] = await Promise.all([
      read("1"),
      read("latest"),
      read("sha-0123456789ab"),
    ]);
    expect(byNumber.stdout).toBe("model_list: []\n");
    expect(latest.stdout).toBe("second\n");
    expect(byAlias.stdout).toBe("model_list: []\n");
  });

  it("describes what it holds, under the project's number", async () => {
    const { projectNumber } = emulator.cloud.project("demo-litellm");
    expect(await describeSecret("litellm-config")).toMatchObject({
      name: `projects/${projectNumber}/secrets/litellm-config`,
      labels: { "litellm-cloudrun": "dev" },
      replication: { automatic: {} },
      versionAliases: { "sha-0123456789ab": "1" },
      etag: expect.stringMatching(/^"[0-9a-f]+"$/) as string,
    });
  });

  it("does not create one that is there", async () => {
    const { stderr, exitCode } = await secrets(
      ["create", "litellm-config", "--data-file=-"],
      "other",
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /Secret \[projects\/\d+\/secrets\/litellm-config\] already exists\./,
    );
  });

  it("changes labels and annotations without touching the aliases", async () => {
    await secrets([
      "update",
      "litellm-config",
      "--update-labels=team=a",
      "--update-annotations=note=kept",
    ]);
    expect(await describeSecret("litellm-config")).toMatchObject({
      labels: { "litellm-cloudrun": "dev", team: "a" },
      annotations: { note: "kept" },
      versionAliases: { "sha-0123456789ab": "1" },
    });
  });

  it("refuses a change made with an old etag", async () => {
    const { stderr, exitCode } = await secrets([
      "update",
      "litellm-config",
      "--update-labels=team=b",
      '--etag="0123456789abcd"',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("FAILED_PRECONDITION");
    expect(stderr).toContain("etag");
  });

  it("lists by label and by state", async () => {
    const format = "--format=value(name)";
    await secrets(["versions", "disable", "1", "--secret=litellm-config"]);
    const [labelled, others, versions] = await Promise.all([
      secrets(["list", "--filter=labels.litellm-cloudrun=dev", format]),
      secrets(["list", "--filter=labels.litellm-cloudrun=prod", format]),
      secrets([
        "versions",
        "list",
        "litellm-config",
        "--filter=state=ENABLED",
        format,
      ]),
    ]);
    expect(labelled.stdout.trim()).toBe("litellm-config");
    expect(others.stdout.trim()).toBe("");
    expect(versions.stdout.trim()).toBe("2");
  });

  it("does not read a version that is disabled or destroyed, nor revive the latter", async () => {
    const version = (verb: string, number: string) =>
      secrets(["versions", verb, number, "--secret=litellm-config"]);
    const disabled = await version("access", "1");
    expect(disabled.stderr).toMatch(
      /FAILED_PRECONDITION: Secret Version \[projects\/\d+\/secrets\/litellm-config\/versions\/1\] is in DISABLED state\./,
    );
    expect((await version("enable", "1")).exitCode).toBe(0);
    expect((await version("destroy", "1")).exitCode).toBe(0);
    const revived = await version("enable", "1");
    expect(revived.stderr).toContain("is in DESTROYED state.");
    const stored = emulator.cloud
      .project("demo-litellm")
      .secrets.get("litellm-config");
    expect(stored?.versions[0]?.payload).toBeUndefined();
  });

  it("gives access to one secret, to accounts that exist", async () => {
    const bind = (account: string) =>
      secrets([
        "add-iam-policy-binding",
        "litellm-config",
        `--member=serviceAccount:${account}@demo-litellm.iam.gserviceaccount.com`,
        "--role=roles/secretmanager.secretAccessor",
      ]);
    const [given, refused] = await Promise.all([
      bind("litellmsa"),
      bind("nobody"),
    ]);
    expect(given.exitCode, given.stderr).toBe(0);
    expect(refused.stderr).toContain(
      "Service account nobody@demo-litellm.iam.gserviceaccount.com does not exist.",
    );
    const { stdout } = await secrets([
      "get-iam-policy",
      "litellm-config",
      "--format=value(bindings.members)",
    ]);
    expect(stdout).toContain("litellmsa@");
  });

  it("replicates where the user says", async () => {
    const { exitCode, stderr } = await secrets(
      [
        "create",
        "european",
        "--data-file=-",
        "--replication-policy=user-managed",
        "--locations=europe-west1,europe-west4",
      ],
      "x",
    );
    expect(exitCode, stderr).toBe(0);
    const replicas = [
      { location: "europe-west1" },
      { location: "europe-west4" },
    ];
    expect(await describeSecret("european")).toMatchObject({
      replication: { userManaged: { replicas } },
    });
  });

  it("deletes, once", async () => {
    const first = await secrets(["delete", "european"]);
    expect(first.exitCode, first.stderr).toBe(0);
    const second = await secrets(["delete", "european"]);
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(
      /Secret \[projects\/\d+\/secrets\/european\] not found/,
    );
  });
});

itConforms(() => emulator.exchanges);
