import { runOf } from "../../emulator/apis/run/state.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finished } from "../support/emulator.ts";
import { NOTHING, isWrite, takeInventory } from "../support/inventory.ts";
import { type Loaded, loadRecording } from "../upgrade/replay.ts";

interface Outcome {
  revision: string;
}

// What each recording holds: two revisions, of which the second serves. The
// second has another config and, with MODE=apikey, other keys.
describe.each([
  { mode: "vertex", keyVersion: "1", back: "the old revision itself" },
  { mode: "apikey", keyVersion: "2", back: "a copy with today's keys" },
])("what 0.1.0 deployed with MODE=$mode", ({ mode, keyVersion, back }) => {
  let loaded: Loaded;
  let first: string;
  let second: string;

  beforeAll(async () => {
    loaded = await loadRecording(`0.1.0/direct-${mode}`);
    [first = "", second = ""] = revisions();
  });

  afterAll(async () => {
    await loaded.close();
  });

  function service() {
    const { cloud, projectId } = loaded.emulator;
    const [found] = runOf(cloud.project(projectId)).services.values();
    if (found === undefined) throw new Error("no service");
    return found;
  }

  /** The oldest first. */
  function revisions(): string[] {
    return [...service().revisions.keys()];
  }

  /** `REVISION PERCENT`, of everything that traffic or a tag leads to. */
  function serving(): string[] {
    return service().serving.map(
      ({ revisionName, percent = 0 }) => `${revisionName} ${String(percent)}`,
    );
  }

  async function run(name: string, ...args: string[]): Promise<Finished> {
    const finished = await loaded.workspace.script(name, ["local", ...args]);
    const { exitCode, stderr } = finished;
    expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 /);
    return finished;
  }

  async function json(name: string, ...args: string[]): Promise<Outcome> {
    const { stdout } = await run(name, ...args, "--json");
    return JSON.parse(stdout) as Outcome;
  }

  /** The gateway's answer to the master key of today. */
  async function ask(): Promise<number> {
    const { emulator, recording } = loaded;
    const url = emulator.serviceUrl("us-central1", "litellm-proxy");
    const key = recording.about.keys.master[Number(keyVersion) - 1];
    const response = await fetch(`${url}/v1/models`, {
      headers: { authorization: `Bearer ${key ?? ""}` },
    });
    await response.body?.cancel();
    return response.status;
  }

  test("is loaded as it was", () => {
    expect(revisions()).toHaveLength(2);
    expect(serving()).toEqual([`${second} 100`]);
  });

  test("needs no change", async () => {
    const { stdout } = await run("deploy.ts", "--dry-run");
    expect(stdout).toBe("# nothing to do\n");
  });

  test("counts as proven: a deploy writes nothing", async () => {
    const before = loaded.emulator.exchanges.length;
    const { stderr } = await run("deploy.ts");
    expect(stderr).toContain("Nothing to do");
    expect(loaded.emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test(`goes back to ${back}`, async () => {
    const outcome = await json("rollback.ts", "--yes");
    expect(outcome).toMatchObject({
      from: { revision: second },
      to: { revision: first },
    });
    const made = revisions().slice(2);
    expect(made).toHaveLength(mode === "apikey" ? 1 : 0);
    expect(outcome.revision).toBe(made[0] ?? first);
    expect(serving()).toEqual([`${outcome.revision} 100`]);
    const template = service().revisions.get(outcome.revision)?.template;
    const [container] = template?.spec.containers ?? [];
    expect(
      container?.env?.find((e) => e.name === "LITELLM_MASTER_KEY")?.valueFrom,
    ).toMatchObject({ secretKeyRef: { key: keyVersion } });
  });

  test("takes a changed setting through the gate", async () => {
    await loaded.workspace.edit(
      "envs/local.env",
      (text) => `${text}MEMORY=2Gi\n`,
    );
    const { stderr, stdout } = await run("deploy.ts", "--json");
    const { revision } = JSON.parse(stdout) as Outcome;
    expect(stderr).toMatch(/Bring up .* at 0 %[^]*Verify[^]*all traffic/);
    expect(serving()).toEqual([`${revision} 100`]);
    expect(await ask()).toBe(200);
  });

  test("goes back to the revision that it served", async () => {
    const { revision } = await json("rollback.ts", `--to=${second}`, "--yes");
    expect(revision).toBe(second);
    expect(serving()).toEqual([`${second} 100`]);
    expect(await ask()).toBe(200);
  });

  test("is removed, whole", async () => {
    await run("clean.ts", "--yes");
    expect(takeInventory(loaded.emulator)).toMatchObject(NOTHING);
  });
});

describe("a deploy of 0.1.0 that was killed before it moved the traffic", () => {
  let loaded: Loaded;

  beforeAll(async () => {
    loaded = await loadRecording("0.1.0/direct-vertex", { leaveOut: 1 });
  });

  afterAll(async () => {
    await loaded.close();
  });

  test("counts as half done: a deploy proves what it brings, and moves it", async () => {
    const { emulator, workspace } = loaded;
    const project = emulator.cloud.project("demo-litellm");
    const [service] = runOf(project).services.values();
    const serving = () =>
      service?.serving.map((t) => [
        ...[t.revisionName, t.percent ?? 0, t.tag ?? ""],
      ]);
    const [before, candidate] = serving() ?? [];
    expect([before?.[1], candidate?.[1]]).toEqual([100, 0]);
    const { exitCode, stderr } = await workspace.script("deploy.ts");
    expect(`${String(exitCode)} ${stderr}`).toMatch(/^0 [^]*- Verify /);
    expect(serving()).toEqual([[expect.any(String), 100, ""]]);
    expect(serving()).not.toEqual([before]);
    const again = await workspace.script("deploy.ts");
    expect(again.stderr).toContain("Nothing to do");
  });
});
