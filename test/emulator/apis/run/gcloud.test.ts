import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ACCOUNT,
  newService,
  REGION,
  startRunEmulator,
} from "../../../support/cloud-run.ts";
import { loadDiscovery } from "../../../support/discovery.ts";
import type { Finished, TestEmulator } from "../../../support/emulator.ts";
import { TEST_IMAGE } from "../../../support/runtime.ts";
import { runOf } from "../../../../emulator/apis/run/state.ts";

const REGIONAL = `--region=${REGION}`;

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startRunEmulator();
});
afterAll(() => emulator.close());

/** The output of a command that has to work. */
async function gcloud(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await emulator.gcloud(args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

async function fail(...args: string[]): Promise<Finished> {
  const finished = await emulator.gcloud(args);
  expect(finished.exitCode, finished.stderr).toBe(1);
  return finished;
}

async function describeService(name: string): Promise<string> {
  return gcloud(
    "run",
    "services",
    "describe",
    name,
    REGIONAL,
    "--format=value(status.latestReadyRevisionName)",
  ).then((output) => output.trim());
}

// The tests of a block build on each other: a gcloud process costs half a second.
describe("the bash flow", () => {
  it("deploys with all its flags", async () => {
    for (const name of ["litellm-config", "key"]) {
      const input = name === "key" ? "sk-1" : "model_list: []\n";
      const args = ["secrets", "create", name, "--data-file=-"];
      await emulator.gcloud(args, { input });
      await gcloud(
        "secrets",
        "add-iam-policy-binding",
        name,
        `--member=serviceAccount:${ACCOUNT}`,
        "--role=roles/secretmanager.secretAccessor",
      );
    }
    const { stderr, exitCode } = await emulator.gcloud([
      "run",
      "deploy",
      "flow",
      REGIONAL,
      `--image=${TEST_IMAGE}`,
      "--args=--config,/secrets/config.yaml",
      "--port=4000",
      "--set-env-vars=PROJECT_ID=demo-litellm,REGION=global",
      "--set-secrets=KEY=key:1,/secrets/config.yaml=litellm-config:latest",
      `--service-account=${ACCOUNT}`,
      "--allow-unauthenticated",
      "--cpu=1",
      "--memory=1Gi",
      "--concurrency=4",
      "--min-instances=0",
      "--max-instances=8",
      "--timeout=300",
      "--labels=team=a",
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("is serving");
    const url = emulator.serviceUrl(REGION, "flow");
    const answer = await fetch(`${url}/environment`);
    expect(await answer.json()).toMatchObject({
      KEY: "sk-1",
      REGION: "global",
    });
    const file = await fetch(`${url}/arguments`);
    const [flag, path] = (await file.json()) as string[];
    expect(flag).toBe("--config");
    const content = await fetch(`${url}/file?path=${path ?? ""}`);
    expect(await content.text()).toBe("model_list: []\n");
  });

  it("changes variables and secrets of the running service", async () => {
    await gcloud(
      "run",
      "services",
      "update",
      "flow",
      REGIONAL,
      "--update-env-vars=MODE=vertex",
      "--remove-env-vars=REGION",
      "--set-secrets=/secrets/config.yaml=litellm-config:1",
    );
    const url = emulator.serviceUrl(REGION, "flow");
    const answer = await fetch(`${url}/environment`);
    const environment = (await answer.json()) as Record<string, string>;
    expect(environment.MODE).toBe("vertex");
    expect([environment.REGION, environment.KEY]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("takes and gives access", async () => {
    const url = emulator.serviceUrl(REGION, "flow");
    const binding = ["--member=allUsers", "--role=roles/run.invoker"];
    const policy = ["run", "services", "remove-iam-policy-binding", "flow"];
    await gcloud(...policy, REGIONAL, ...binding);
    expect((await fetch(url)).status).toBe(403);
    const token = await gcloud("auth", "print-identity-token");
    const headers = { authorization: `Bearer ${token.trim()}` };
    expect((await fetch(url, { headers })).status).toBe(200);
    policy[2] = "add-iam-policy-binding";
    await gcloud(...policy, REGIONAL, ...binding);
    expect((await fetch(url)).status).toBe(200);
    policy[2] = "get-iam-policy";
    const { bindings } = JSON.parse(
      await gcloud(...policy, REGIONAL, "--format=json"),
    ) as { bindings: object[] };
    expect(bindings).toEqual([
      { role: "roles/run.invoker", members: ["allUsers"] },
    ]);
  });

  it("reads its log, in both ways", async () => {
    const read = await gcloud(
      "run",
      "services",
      "logs",
      "read",
      "flow",
      REGIONAL,
      "--limit=100",
    );
    expect(read).toContain("starting with nothing special");
    const found = JSON.parse(
      await gcloud(
        "logging",
        "read",
        'resource.type=cloud_run_revision AND logName:stderr AND textPayload:"a line"',
        "--format=json",
        "--limit=1",
      ),
    ) as object[];
    expect(found).toMatchObject([
      {
        textPayload: "a line of stderr",
        resource: { labels: { service_name: "flow", location: REGION } },
      },
    ]);
  });

  it("is listed, here and everywhere, and deleted", async () => {
    const name = "--format=value(metadata.name)";
    expect(await gcloud("run", "services", "list", name)).toBe("flow\n");
    expect(await gcloud("run", "services", "list", REGIONAL, name)).toBe(
      "flow\n",
    );
    await gcloud("run", "services", "delete", "flow", REGIONAL);
    expect(await gcloud("run", "services", "list", name)).toBe("");
    const { stderr } = await fail(
      "run",
      "services",
      "delete",
      "flow",
      REGIONAL,
    );
    expect(stderr).toContain("Service [flow] could not be found.");
  });
});

describe("a manifest", () => {
  const manifest = newService("replaced");
  const replace = (...flags: string[]) =>
    emulator.gcloud(["run", "services", "replace", "-", REGIONAL, ...flags], {
      input: JSON.stringify(manifest),
    });

  it("is only checked with --dry-run", async () => {
    const { stderr, exitCode } = await replace("--dry-run");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("has been validated");
    expect(runOf(emulator.cloud.project("demo-litellm")).services.size).toBe(0);
  });

  it("is refused with every field that is wrong", async () => {
    manifest.spec.template.spec.timeoutSeconds = 4000;
    manifest.spec.template.metadata.name = "other-1";
    const { stderr, exitCode } = await replace("--dry-run");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("timeout_seconds: must be between 1 and 3600");
    expect(stderr).toContain("The revision name must be prefixed by the name");
    delete manifest.spec.template.spec.timeoutSeconds;
    delete manifest.spec.template.metadata.name;
  });

  it("is applied, and applied again", async () => {
    for (const generation of [1, 2]) {
      const { stderr, exitCode } = await replace();
      expect(exitCode, stderr).toBe(0);
      const { services } = runOf(emulator.cloud.project("demo-litellm"));
      const service = services.get(`${REGION}/replaced`);
      expect(service?.generation).toBe(generation);
      expect(service?.revisions.size).toBe(1);
    }
  });

  it("that cannot come up fails the command with Google's message", async () => {
    manifest.spec.template.spec.containers[0] = { image: "nothing/here" };
    const { stderr, exitCode } = await replace();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /Revision 'replaced-00003-[a-z2-9]{3}' is not ready and cannot serve traffic\. Image 'nothing\/here' not found\./,
    );
  });
});

describe("traffic", () => {
  const update = (...flags: string[]) =>
    gcloud("run", "services", "update-traffic", "split", REGIONAL, ...flags);
  const deploy = (...flags: string[]) =>
    gcloud(
      "run",
      "deploy",
      "split",
      REGIONAL,
      `--image=${TEST_IMAGE}`,
      `--service-account=${ACCOUNT}`,
      ...flags,
    );
  const serving = () =>
    runOf(emulator.cloud.project("demo-litellm"))
      .services.get(`${REGION}/split`)
      ?.serving.map(({ revisionName, percent = 0, tag }) =>
        [revisionName, percent, tag].filter((v) => v !== undefined).join(" "),
      );

  it("stays away from a candidate that is tagged", async () => {
    await deploy("--revision-suffix=one", "--no-invoker-iam-check");
    await deploy("--revision-suffix=two", "--no-traffic", "--tag=candidate");
    expect(serving()).toEqual(["split-one 100", "split-two 0 candidate"]);
  });

  it("moves to it, by tag, by name and to the latest", async () => {
    await update("--to-tags=candidate=10");
    expect(serving()?.sort()).toEqual([
      "split-one 90",
      "split-two 0 candidate",
      "split-two 10",
    ]);
    await update("--to-revisions=split-two=100", "--remove-tags=candidate");
    expect(serving()).toEqual(["split-two 100"]);
    await update("--to-latest", "--set-tags=stable=split-one");
    expect(serving()).toEqual(["split-two 100", "split-one 0 stable"]);
    expect(await describeService("split")).toBe("split-two");
  });

  it("does not move to a revision that is not there", async () => {
    const { stderr } = await fail(
      "run",
      "services",
      "update-traffic",
      "split",
      REGIONAL,
      "--to-revisions=split-three=100",
    );
    expect(stderr).toContain("Revision 'split-three' does not exist");
    await update("--to-revisions=split-two=100", "--clear-tags");
  });

  it("keeps the revisions listed until they are deleted", async () => {
    const list = ["run", "revisions", "list", REGIONAL, "--service=split"];
    const names = await gcloud(...list, "--format=value(metadata.name)");
    expect(names.trim().split("\n").sort()).toEqual(["split-one", "split-two"]);
    await gcloud("run", "revisions", "describe", "split-one", REGIONAL);
    await gcloud("run", "revisions", "delete", "split-one", REGIONAL);
    const { stderr } = await fail(
      "run",
      "revisions",
      "delete",
      "split-two",
      REGIONAL,
    );
    expect(stderr).toContain("because it is actively serving");
  });
});

it("answers gcloud as Google's discovery documents say", async () => {
  const discovery = await loadDiscovery();
  const { exchanges } = emulator;
  expect(exchanges.flatMap((one) => discovery.check(one))).toEqual([]);
});
