import { afterAll, beforeAll, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { leaksInto } from "../support/leaks.ts";
import { findService } from "../support/services.ts";
import {
  FIRST,
  QUICK,
  type Releases,
  setUpReleases,
} from "../support/set-up-releases.ts";

const ENVS = ["dev", "prod-us", "prod-eu"];
const FILES = [
  "litellm-config config.yaml",
  "litellm-config client_keys.py",
  "litellm-client-keys client-keys.json",
];

let releases: Releases;

beforeAll(async () => {
  releases = await setUpReleases();
  releases.verifyWith(QUICK);
  await releases.json("release.ts");
});

afterAll(async () => {
  await releases.close();
});

/** `SECRET FILE`, of what a service's traffic reads. */
function mounted(projectId: string, name: string): string[] {
  const { cloud } = releases.emulator;
  const service = findService({ cloud, projectId }, name);
  const [serving] = service?.serving ?? [];
  const { volumes = [] } =
    service?.revisions.get(serving?.revisionName ?? "")?.template.spec ?? {};
  return volumes.flatMap(({ secret }) =>
    (secret?.items ?? []).map(
      ({ path = "" }) => `${secret?.secretName ?? ""} ${path}`,
    ),
  );
}
const inDev = (): string[] =>
  mounted("demo-litellm", "us-central1/litellm-proxy");
const inProd = (): string[] =>
  mounted("demo-prod", "us-central1/litellm-proxy-prod");

test("the stages of a pipeline have client keys all or none", async () => {
  const { workspace } = releases;
  const turnOn = (env: string) =>
    workspace.edit(`envs/${env}.env`, (text) => `${text}\nCLIENT_KEYS=true\n`);
  await turnOn("dev");
  const { stderr, exitCode } = await releases.run("release.ts");
  expect(stderr).toContain("CLIENT_KEYS=false, but envs/dev.env has true");
  expect(exitCode).toBe(2);
  await turnOn("prod-us");
  await turnOn("prod-eu");
});

test("a release brings them to each stage, with a list of its own project", async () => {
  expect(inDev()).toEqual(["litellm-config config.yaml"]);
  await releases.json("release.ts");
  expect(inDev()).toEqual(FILES);
  await releases.json("promote.ts", "--approve", "--yes");
  expect(inProd()).toEqual(FILES);
  const { stdout: status } = await releases.succeed("status.ts", "prod-us");
  expect(status.replaceAll(/\s+/g, " ")).toContain(
    "clients: the latest of litellm-client-keys",
  );

  const key = (await releases.succeed("keys.ts", "prod-us", "add", "team-a"))
    .stdout;
  expect(leaksInto(releases.emulator.lines.join("\n"), [key.trim()])).toBe(
    false,
  );
  const list = async (env: string) =>
    (await releases.succeed("keys.ts", env, "list")).stdout;
  expect(await list("prod-eu")).toContain("team-a");
  expect(await list("dev")).toContain("There is no client key.");
  expect(await releases.json("release.ts")).toMatchObject({ steps: [] });
});

test("a rollback needs the list that its release reads, and tells where there was none", async () => {
  const CONFIG = "config/litellm.vertex.yaml";
  await releases.workspace.edit(CONFIG, (text) => `${text}# changed\n`);
  await releases.json("release.ts");
  const turn = (state: "disable" | "enable") =>
    releases.emulator.gcloud([
      ...["secrets", "versions", state, "1", "--secret=litellm-client-keys"],
      "--project=demo-litellm",
    ]);
  await turn("disable");
  const back = ["rollback.ts", "dev", "--yes"] as const;
  const refused = await releases.run(...back, `--to=${FIRST}-2`);
  expect(refused.stderr).toContain(
    "the latest list of client keys in secret litellm-client-keys, which is disabled",
  );
  expect(refused.exitCode).not.toBe(0);
  await turn("enable");
  await releases.succeed(...back);
  expect(inDev()).toEqual(FILES);

  const { stderr } = await releases.succeed(...back);
  expect(stderr).toMatch(/files +client_keys\.py/);
  expect(inDev()).toEqual(["litellm-config config.yaml"]);
});

test("clean takes the lists with the last env that reads them", async () => {
  for (const env of ENVS) {
    const prod = env.startsWith("prod") ? [`--confirm=${env}`] : [];
    await releases.succeed("clean.ts", env, "--yes", ...prod);
  }
  const left = ["demo-litellm", "demo-prod"].map((id) =>
    releases.emulator.cloud.project(id).secrets.has("litellm-client-keys"),
  );
  expect(left).toEqual([false, false]);
});

itConforms(() => releases.emulator.exchanges);
