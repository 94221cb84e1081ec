import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../emulator/core/cloud.ts";
import { itConforms } from "../support/discovery.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const INTERNAL = { INGRESS: "internal" };

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

function deploy(
  env: Record<string, string>,
  ...options: string[]
): Promise<Finished> {
  return workspace.script("deploy.ts", ["local", ...options], { env });
}

/** What a deploy says before it writes anything. */
async function preview(env: Record<string, string>): Promise<string> {
  const run = await deploy(env, "--dry-run");
  expect(`${String(run.exitCode)} ${run.stderr}`).toMatch(/^0 /);
  return run.stderr;
}

/** A deploy that ends before it writes anything. */
async function refuse(env: Record<string, string>): Promise<string> {
  const before = emulator.exchanges.length;
  const run = await deploy(env);
  expect(`${String(run.exitCode)} ${run.stderr}`).toMatch(/^1 /);
  expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  return run.stderr;
}

describe("what cannot be verified from here is said before anything is written:", () => {
  test("a first deploy that only callers from inside reach", async () => {
    expect(await preview(INTERNAL)).toMatch(
      /note: INGRESS=internal: the verification works only from inside\./,
    );
    expect(await preview({})).not.toContain("note:");
  });

  test("a first deploy that lets only invokers in, by one who is none", async () => {
    const iam = { ACCESS: "iam" };
    expect(await preview(iam)).not.toContain("note:");
    const member: Member = "user:viewer@example.com";
    for (const role of [
      "viewer",
      "iam.securityReviewer",
      "serviceusage.serviceUsageConsumer",
    ]) {
      const { policy } = emulator.cloud.project(emulator.projectId);
      policy.bindings.push({ role: `roles/${role}`, members: [member] });
    }
    const viewer = emulator.envFor(member);
    const { stderr } = await workspace.script(
      "deploy.ts",
      ["local", "--dry-run"],
      { env: { ...viewer, ...iam } },
    );
    expect(stderr).toContain("you have no run.routes.invoke");
    expect(stderr).toContain("--role=roles/run.invoker");
  });

  test("an ingress that closes with the traffic", async () => {
    expectDone(await deploy({}));
    expect(await preview(INTERNAL)).toContain(
      "note: INGRESS=internal comes with the traffic: the candidate is verified before",
    );
  });

  test("no candidate comes up beside what is closed to this machine", async () => {
    const closed = { ...INTERNAL, CONCURRENCY: "8" };
    expectDone(await deploy(closed));
    const refused = await refuse({ ...closed, CONCURRENCY: "7" });
    expect(refused).toContain(
      "has ingress internal, and this machine is outside",
    );
    expect(refused).toContain("Run this from inside");
    const before = emulator.exchanges.length;
    for (const script of ["rollback.ts", "rotate.ts"]) {
      const run = await workspace.script(script, ["local", "--yes"]);
      expect(`${String(run.exitCode)} ${run.stderr}`).toMatch(
        /^1 [\s\S]*this machine is outside/,
      );
    }
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
    // Nothing is verified where nothing changes.
    expect((await deploy(closed)).stderr).toContain("Nothing to do");
  });

  test("and it is opened by the command that the refusal names", async () => {
    const refused = await refuse({});
    const [, command = ""] =
      /Open it first, .*: gcloud (.*)/.exec(refused) ?? [];
    await emulator.gcloud(command.split(" "));
    expectDone(await deploy({ CONCURRENCY: "7" }));
  });
});

test("a verification of what reads a destroyed version says to deploy again", async () => {
  await emulator.gcloud([
    ...["secrets", "versions", "destroy", "1"],
    ...["--secret=litellm-master-key", "--quiet"],
  ]);
  const run = await workspace.script("verify.ts");
  expect(run.stderr).toContain(
    "the revision that serves reads version 1 of secret litellm-master-key, which is no more",
  );
  expect(run.stderr).toContain("Deploy again: npx tsx scripts/deploy.ts local");
  expect(run.exitCode).toBe(1);
  expectDone(await deploy({ CONCURRENCY: "7" }));
  expectDone(await workspace.script("verify.ts", ["local", "--quick"]));
});

itConforms(() => emulator.exchanges);
