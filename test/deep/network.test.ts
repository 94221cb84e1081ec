import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { deployLocal } from "../support/deploy-local.ts";
import { findService } from "../support/services.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

const ENV = "envs/local.env";
const NETWORK = "NETWORK=vpc\nSUBNET=gateways\nVPC_EGRESS=all-traffic\n";

const INTERFACES = "run.googleapis.com/network-interfaces";
const EGRESS = "run.googleapis.com/vpc-access-egress";
/** What the settings above make of a revision. */
const ANNOTATIONS = {
  [INTERFACES]: '[{"network":"vpc","subnetwork":"gateways"}]',
  [EGRESS]: "all-traffic",
};
const CHANGED = [INTERFACES, EGRESS].map(
  (name) => `revision.annotations[${name}]`,
);

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.setProject(env, "demo-litellm");
  }
  await deployLocal(workspace);
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

function setNetwork(lines: string): Promise<void> {
  return workspace.edit(ENV, (text) =>
    text.replace(/^(NETWORK|SUBNET|VPC_EGRESS)=.*\n/gm, "").concat(lines),
  );
}

/** Deploys with these lines in the env: what it wrote, how many revisions came, and the network of the one that serves. */
async function deployWith(lines: string) {
  await setNetwork(lines);
  const before = revisions().length;
  const { changed, steps } = await deployLocal(workspace);
  return {
    changed,
    steps: steps.length,
    came: revisions().length - before,
    network: network(),
  };
}

function service() {
  const found = findService(emulator);
  if (found === undefined) throw new Error("no service");
  return found;
}

function revisions(): string[] {
  return [...service().revisions.keys()];
}

/** The annotations about a network, of the one revision that serves. */
function network(): Record<string, string> {
  const { serving, revisions } = service();
  const [target, ...others] = serving;
  expect(others).toEqual([]);
  const revision = revisions.get(target?.revisionName ?? "");
  const annotations = revision?.template.metadata.annotations ?? {};
  return Object.fromEntries(
    Object.entries(annotations).filter(([name]) => /network|vpc/.test(name)),
  );
}

/** Runs a script that must write nothing. */
async function withoutWrite(script: string, args: readonly string[]) {
  const before = emulator.exchanges.length;
  const finished = await workspace.script(script, args);
  expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  return finished;
}

describe("a network", () => {
  test("is not there without the settings", () => {
    expect(network()).toEqual({});
  });

  test.each([
    ["on", NETWORK, ANNOTATIONS],
    ["off", "", {}],
    ["on again", NETWORK, ANNOTATIONS],
  ])("is switched %s by one new revision, and stays so", async (...given) => {
    const [, lines, annotations] = given;
    expect(await deployWith(lines)).toMatchObject({
      changed: CHANGED,
      came: 1,
      network: annotations,
    });
    const before = emulator.exchanges.length;
    expect(await deployWith(lines)).toEqual({
      changed: [],
      steps: 0,
      came: 0,
      network: annotations,
    });
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("may be named without a subnet, and without an egress setting", async () => {
    expect(await deployWith("NETWORK=vpc\n")).toMatchObject({
      changed: CHANGED,
      came: 1,
      network: { [INTERFACES]: '[{"network":"vpc"}]' },
    });
  });

  test("is needed where its egress is set: refused before any write", async () => {
    await setNetwork("VPC_EGRESS=all-traffic\n");
    const { exitCode, stderr } = await withoutWrite("deploy.ts", ["local"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /envs\/local\.env:\d+: VPC_EGRESS=all-traffic: expected a NETWORK or a SUBNET with it/,
    );
    await setNetwork("");
  });
});

describe("ingress", () => {
  test("is written as the env has it", async () => {
    const line = "INGRESS=internal-and-cloud-load-balancing\n";
    await workspace.edit(ENV, (text) => text + line);
    const { stdout } = await withoutWrite("deploy.ts", ["local", "--dry-run"]);
    await workspace.edit(ENV, (text) => text.replace(line, ""));
    expect(stdout).toContain("gcloud run services replace ");
    expect(stdout).toContain(
      "run.googleapis.com/ingress: internal-and-cloud-load-balancing\n",
    );
  });
});

describe("a pipeline", () => {
  test.each([
    ["one stage has a network", ["prod-us"]],
    ["all stages have one", ["dev", "prod-eu"]],
  ])(
    "of which %s is set up alike: each has a manifest of its own",
    async (_, envs) => {
      for (const env of envs) {
        await workspace.edit(`envs/${env}.env`, (text) => text + NETWORK);
      }
      const { exitCode, stdout } = await withoutWrite("setup.ts", [
        "--dry-run",
      ]);
      expect(exitCode).toBe(0);
      expect(stdout).not.toContain("networkInterfaces");
    },
  );
});

itConforms(() => emulator.exchanges);
