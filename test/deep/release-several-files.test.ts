import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CALLBACK,
  type Files,
  ONE_MODEL,
  writeFiles,
} from "../support/config-sets.ts";
import { itConforms } from "../support/discovery.ts";
import { findService } from "../support/services.ts";
import {
  FIRST,
  QUICK,
  type Releases,
  setUpReleases,
} from "../support/set-up-releases.ts";

const SET = "config/team";
const FILES: Files = {
  "config.yaml": ONE_MODEL,
  "callbacks.py": CALLBACK,
};
/** Of what is released first. */
const BEFORE = ["config.yaml 1", "callbacks.py 2"];
/** Of what is released then, in each project. */
const AFTER = [
  "config.yaml 1",
  expect.stringMatching(/^callbacks\.py [34]$/),
  expect.stringMatching(/^words\.txt [34]$/),
];

let releases: Releases;

beforeAll(async () => {
  releases = await setUpReleases();
  const { workspace } = releases;
  await writeFiles(path.join(workspace.directory, SET), FILES);
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.edit(
      `envs/${env}.env`,
      (text) => `${text}\nCONFIG=${SET}\n`,
    );
  }
  releases.verifyWith(QUICK);
});

afterAll(async () => {
  await releases.close();
});

/** `callbacks.py 2`: the version of each file that a service's traffic sees. */
function mounted(projectId: string, name: string): string[] {
  const { cloud } = releases.emulator;
  const service = findService({ cloud, projectId }, name);
  const secret = cloud.project(projectId).secrets.get("litellm-config");
  const [serving] = service?.serving ?? [];
  const { volumes = [] } =
    service?.revisions.get(serving?.revisionName ?? "")?.template.spec ?? {};
  return (volumes[0]?.secret?.items ?? []).map(
    ({ key = "", path: file = "" }) =>
      `${file} ${String(secret?.versionAliases[key])}`,
  );
}
const inDev = (): string[] =>
  mounted("demo-litellm", "us-central1/litellm-proxy");
const inProd = (): string[] =>
  mounted("demo-prod", "us-central1/litellm-proxy-prod");

test("a release has the files of the directory, and one of the same does nothing", async () => {
  await releases.json("release.ts");
  expect(inDev()).toEqual(BEFORE);
  expect(await releases.json("release.ts")).toMatchObject({ steps: [] });

  await releases.workspace.edit(`${SET}/callbacks.py`, (text) =>
    text.replace("a call was answered", "answered"),
  );
  await writeFiles(path.join(releases.workspace.directory, SET), {
    "words.txt": "one\n",
  });
  await releases.json("release.ts");
  expect(inDev()).toEqual(AFTER);
  const { stdout: status } = await releases.succeed("status.ts", "dev");
  expect(status.replaceAll(/\s+/g, " ")).toContain(
    "with callbacks.py, words.txt",
  );
  const { stdout: list } = await releases.succeed(
    "rollback.ts",
    "dev",
    "--list",
  );
  expect(list).toContain("other callbacks.py, words.txt\n");
});

test("promotion takes the files of the release, and a rollback those before", async () => {
  // The release holds its files: what lies here now does not reach prod.
  await writeFiles(path.join(releases.workspace.directory, SET), FILES);
  const promoted = await releases.succeed("promote.ts", "--approve", "--yes");
  expect(promoted.stderr).toContain("words.txt");
  expect(inProd()).toEqual(AFTER);

  expect(await releases.json("rollback.ts", "dev", "--yes")).toMatchObject({
    to: { release: FIRST },
  });
  expect(inDev()).toEqual(BEFORE);
});

test("a set comes back with today's key where its own is gone", async () => {
  await writeFiles(path.join(releases.workspace.directory, SET), {
    "words.txt": "two\n",
  });
  await releases.json("rotate.ts", "dev", "--yes");
  await releases.json("release.ts");
  expect(inDev()).toHaveLength(3);
  await releases.emulator.gcloud([
    ...["secrets", "versions", "destroy", "1", "--secret=litellm-master-key"],
    ...["--project=demo-litellm", "--quiet"],
  ]);
  expect(await releases.json("rollback.ts", "dev", "--yes")).toMatchObject({
    to: { release: FIRST },
    rollout: `${FIRST}-now-to-dev-0001`,
  });
  expect(inDev()).toEqual(BEFORE);
});

itConforms(() => releases.emulator.exchanges);
