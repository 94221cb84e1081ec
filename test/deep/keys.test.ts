import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { leaksInto } from "../support/leaks.ts";
import { findService } from "../support/services.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

interface Listed {
  name: string;
  id: string;
}

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

const turn = (on: boolean) =>
  workspace.edit(
    "envs/local.env",
    (text) => `${text.replace(/^CLIENT_KEYS=.*\n/m, "")}CLIENT_KEYS=${on}\n`,
  );

async function run(name: string, ...args: string[]): Promise<string> {
  const done = await workspace.script(name, ["local", ...args], {
    env: { MODE: "vertex" },
  });
  expectDone(done);
  return done.stdout;
}

const keys = (...args: string[]) =>
  workspace.script("keys.ts", ["local", ...args], { env: { MODE: "vertex" } });

async function list(): Promise<Listed[]> {
  return JSON.parse(await run("keys.ts", "list", "--json")) as Listed[];
}

const secretOf = (name: string) =>
  emulator.cloud.project(emulator.projectId).secrets.get(name);

/** What the traffic reads from secrets, file by file. */
function mounted(): string[] {
  const service = findService(emulator);
  const name = service?.serving.find((t) => t.percent === 100)?.revisionName;
  const { volumes = [] } =
    service?.revisions.get(name ?? "")?.template.spec ?? {};
  return volumes.flatMap(({ secret }) =>
    (secret?.items ?? []).map(
      ({ path = "" }) => `${secret?.secretName ?? ""} ${path}`,
    ),
  );
}

test("clients get keys of their own, which go one by one, and with the service", async () => {
  expect(await keys("list")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("env local has no client keys") as string,
  });
  await turn(true);
  expect(await keys("add", "team-a")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(
      "secret litellm-client-keys has no list of client keys yet",
    ) as string,
  });

  await run("deploy.ts");
  expect(mounted()).toEqual([
    "litellm-config config.yaml",
    "litellm-config client_keys.py",
    "litellm-client-keys client-keys.json",
  ]);
  expect(JSON.parse(await run("deploy.ts", "--json"))).toMatchObject({
    steps: [],
  });

  const added = await Promise.all(
    ["team-a", "team-a", "ci"].map((name) => keys("add", name)),
  );
  for (const done of added) {
    expectDone(done);
    expect(done.stdout).toMatch(/^sk-[0-9a-f]{64}\n$/);
    expect(leaksInto(done.stderr, [done.stdout.trim()])).toBe(false);
  }
  expect((await list()).map(({ name }) => name).sort()).toEqual([
    "ci",
    "team-a",
    "team-a",
  ]);
  const secrets = added.map(({ stdout }) => stdout.trim());
  expect(leaksInto(emulator.lines.join("\n"), secrets)).toBe(false);

  expect(await keys("remove", "team-a", "--yes")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("team-a has 2 keys") as string,
  });
  const protectedEnv = { env: { MODE: "vertex", PROTECTED: "true" } };
  const args = ["local", "remove", "ci", "--yes"];
  expect(await workspace.script("keys.ts", args, protectedEnv)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("env local is protected") as string,
  });
  expect(await run("status.ts")).toContain("the latest of");
  const older = (await list()).find(({ name }) => name === "team-a");
  await run("keys.ts", "remove", older?.id ?? "", "--yes");
  expect((await list()).map(({ name }) => name).sort()).toEqual([
    "ci",
    "team-a",
  ]);

  await turn(false);
  await run("deploy.ts");
  expect(await run("rollback.ts", "--list")).toContain("with client keys");
  expect(mounted()).toEqual(["litellm-config config.yaml"]);
  expect(secretOf("litellm-client-keys")).toBeDefined();
  await run("clean.ts", "--yes");
  expect(secretOf("litellm-client-keys")).toBeUndefined();
});
