import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { deliveryOf } from "../../emulator/apis/cloud-deploy/state.ts";
import { runOf } from "../../emulator/apis/run/state.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { isWrite } from "../support/inventory.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// What guards and limits a service, through releases: it changes with the last
// phase of a canary and never before, and a failure leaves it.

const IMAGES = "us-central1-docker.pkg.dev/demo-litellm/litellm";
const CONFIG = "config/litellm.vertex.yaml";
const MODEL = "model: vertex_ai/gemini-4-argon\n";
const MISPLACED = `${MODEL}      vertex_location: us-central1\n`;
const PROD = "prod-us";

let emulator: TestEmulator;
let workspace: Workspace;

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in", longestWait: 100 });
  workspace = await makeWorkspace(emulator);
  for (const env of ["dev", PROD, "prod-eu"]) {
    await workspace.setProject(env, "demo-litellm");
  }
  await succeed("setup.ts");
  pushImage(emulator.cloud, DEVELOPER, `${IMAGES}/tools:latest`, {
    digest: `sha256:${randomBytes(32).toString("hex")}`,
    content: { kind: "tools", directory: workspace.directory },
  });
  await release();
  await succeed("promote.ts", PROD, "--approve", "--yes");
}, 600_000);

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

let commits = 0;

function run(script: string, ...args: string[]): Promise<Finished> {
  const COMMIT_SHA = commits.toString(16).repeat(40);
  return workspace.script(script, args, { env: { COMMIT_SHA } });
}

async function succeed(script: string, ...args: string[]): Promise<Finished> {
  const finished = await run(script, ...args);
  expectDone(finished);
  return finished;
}

async function release(): Promise<void> {
  commits += 1;
  await succeed("release.ts");
}

/** The service of prod-us. */
function service() {
  const found = runOf(emulator.cloud.project("demo-litellm")).services.get(
    "us-central1/litellm-proxy-prod",
  );
  if (found === undefined) throw new Error("no service");
  return found;
}

/** Access, minimum and maximum, as they act. */
function fields(): string {
  const { annotations } = service();
  return ["invoker-iam-disabled", "minScale", "maxScale"]
    .map((name) => annotations[`run.googleapis.com/${name}`])
    .join(" ");
}

/** Settings of prod-us. */
async function configure(settings: Record<string, string>): Promise<void> {
  await workspace.edit(`envs/${PROD}.env`, (text) =>
    Object.entries(settings).reduce(
      (current, [name, value]) =>
        `${current.replace(new RegExp(`^${name}=.*\\n`, "m"), "")}${name}=${value}\n`,
      text,
    ),
  );
}

/** As a person does by hand. */
function setMaximum(value: string): void {
  service().annotations["run.googleapis.com/maxScale"] = value;
}

interface Watched {
  /** `FIELDS while PHASE`, each as it was seen first. */
  seen: string[];
  /** Status of each request without a Google identity. */
  answers: number[];
}

/** Looks at the service, and asks it as its clients do, while `work` runs. */
async function watching(work: () => Promise<unknown>): Promise<Watched> {
  const watched: Watched = { seen: [], answers: [] };
  const state = { isOver: false };
  const looking = (async () => {
    while (!state.isOver) {
      const rollout = [
        ...deliveryOf(emulator.cloud).rollouts.values(),
      ].findLast(({ targetId }) => targetId === PROD);
      const phase = rollout?.phases.find((p) => p.state === "IN_PROGRESS")?.id;
      const line = `${fields()} while ${phase ?? "nothing"}`;
      if (!watched.seen.includes(line)) watched.seen.push(line);
      const url = service().frontEnd?.url ?? "";
      const response = await fetch(`${url}/health/liveliness`);
      await response.text();
      watched.answers.push(response.status);
      await setTimeout(20);
    }
  })();
  try {
    await work();
  } finally {
    state.isOver = true;
    await looking;
  }
  return watched;
}

describe("access, minimum and maximum", { timeout: 300_000 }, () => {
  test("are refused to a release while Cloud Deploy's accounts may not what they need", async () => {
    await configure({ ACCESS: "iam", MIN_INSTANCES: "0", MAX_INSTANCES: "3" });
    commits += 1;
    const before = emulator.exchanges.length;
    const { exitCode, stderr } = await run("release.ts");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `${PROD}: roles/run.invoker on demo-litellm for what verifies`,
    );
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
    await succeed("setup.ts");
  });

  test("come with the last phase of a canary, and never earlier", async () => {
    const before = fields();
    expect(before).toBe("true 1 20");
    await release();
    const { seen, answers } = await watching(() =>
      succeed("promote.ts", PROD, "--approve", "--yes"),
    );

    expect(fields()).toBe("false 0 3");
    const early = seen.filter((line) => line.startsWith(before));
    expect(early.map((line) => line.replace(/.* while /, ""))).toEqual(
      expect.arrayContaining(["canary-0", "canary-10", "canary-50"]),
    );
    const late = seen.filter((line) => line.startsWith("false 0 3"));
    expect(late.map((line) => line.replace(/.* while /, "")).sort()).toEqual(
      ["nothing", "stable"].filter((phase) =>
        late.includes(`false 0 3 while ${phase}`),
      ),
    );
    // Open until it was closed, and closed from then on.
    const closed = answers.indexOf(403);
    expect(closed).toBeGreaterThan(0);
    expect(new Set(answers.slice(0, closed))).toEqual(new Set([200]));
    expect(new Set(answers.slice(closed))).toEqual(new Set([403]));
  });

  test("stay as they are where a canary fails, and is repaired", async () => {
    await configure({
      ACCESS: "public",
      MAX_INSTANCES: "9",
      MODEL_REGION: "us-central1",
    });
    await succeed("setup.ts");
    await release();
    const { seen, answers } = await watching(async () => {
      const { exitCode, stderr } = await run(
        "promote.ts",
        ...[PROD, "--approve", "--yes"],
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`${PROD} is back at release`);
    });

    expect(seen.map((line) => line.replace(/ while .*/, ""))).toEqual(
      seen.map(() => "false 0 3"),
    );
    expect(new Set(answers)).toEqual(new Set([403]));
  });

  test("that a person changed since the release are noticed at its promotion", async () => {
    await configure({ MODEL_REGION: "global" });
    await release();
    setMaximum("2");
    const { exitCode, stderr } = await run(
      "promote.ts",
      PROD,
      "--approve",
      "--yes",
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "since it was made, run.googleapis.com/maxScale: 3 → 2",
    );
    expect(fields()).toBe("false 0 2");
  });

  test("that a person changed are not what a repair brings: a release says so before", async () => {
    commits += 1;
    const before = emulator.exchanges.length;
    const { exitCode, stderr } = await run("release.ts");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`the service of ${PROD} is not as release`);
    expect(stderr).toMatch(/npx tsx scripts\/rollback.ts prod-us --to=r-/);
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("become what a repair goes back to by a rollback to what serves", async () => {
    const [, command = ""] =
      /scripts\/(rollback.ts \S+ \S+)\. Or/.exec(
        (await run("release.ts")).stderr,
      ) ?? [];
    const [script = "", ...args] = command.split(" ");
    const { stdout } = await succeed(script, ...args, "--yes", "--json");
    expect(stdout).toContain("-now");
    expect(fields()).toBe("false 0 2");
    await release();
    await succeed("promote.ts", PROD, "--approve", "--yes");
    expect(fields()).toBe("true 0 9");
  });

  test("stay where a rollback goes: it brings the release, not how it was guarded", async () => {
    const { stderr } = await succeed("rollback.ts", PROD, "--yes");
    expect(stderr).toContain("the service stays as it is");
    expect(fields()).toBe("true 0 9");
  });
});

describe(
  "what a person changes while a canary is on its way",
  { timeout: 300_000 },
  () => {
    test("is not put back: the next phase does not come", async () => {
      await release();
      const promoting = run("promote.ts", PROD, "--approve", "--yes");
      await vi.waitFor(
        () => {
          const rollout = [...deliveryOf(emulator.cloud).rollouts.values()].at(
            -1,
          );
          const [first] = rollout?.phases ?? [];
          expect(rollout?.targetId).toBe(PROD);
          expect(first?.deploymentJobs.verifyJob.state).toBe("IN_PROGRESS");
        },
        { timeout: 120_000, interval: 20 },
      );
      setMaximum("4");
      const { exitCode, stderr } = await promoting;
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/predeploy failed in phase 10 %/);
      expect(fields()).toBe("true 0 4");
    });
  },
);

describe("a push", { timeout: 300_000 }, () => {
  test("of another ingress is refused before it is released: no verification would reach it", async () => {
    setMaximum("9");
    await configure({ INGRESS: "internal" });
    commits += 1;
    const { stderr } = await run("release.ts");
    expect(stderr).toContain(`${PROD}: ingress is internal`);
  });

  test("of a broken config is caught in dev, which serves on what it served", async () => {
    await configure({ INGRESS: "all" });
    await workspace.edit(CONFIG, (text) => text.replace(MODEL, MISPLACED));
    commits += 1;
    const { exitCode, stderr } = await run("release.ts");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("verify failed in phase 0 %");
  });
});
