import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pushImage } from "../emulator/apis/artifact-registry/push-image.ts";
import { DEVELOPER } from "../emulator/emulator.ts";
import { startThreeStages } from "../test/support/three-stages.ts";
import { neutralEnvironment } from "../test/support/environment.ts";
import { type Row, summarizeBeside } from "./report.ts";
import { timeRun } from "./timed-run.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const LAUNCHED = [process.execPath, "--import", path.join(ROOT, "launch.js")];
const TOOLS = "us-central1-docker.pkg.dev/demo-litellm/litellm/tools:latest";
const TARGETS = 10;
const ENVS = 20;

/** What grows with the number of envs: one beside many, in turns, on the emulator. */
export async function timeMany(rounds: number): Promise<Row[]> {
  return [await timeRelease(rounds), await timeStatus(rounds)];
}

/** All that a release reads and checks before its first write: of one prod target, and of ten. */
async function timeRelease(rounds: number): Promise<Row> {
  const sides = {
    one: await openPipeline(["prod-1"]),
    many: await openPipeline(number(TARGETS).map((n) => `prod-${n}`)),
  };
  try {
    const times = await inTurns(rounds, {
      one: () => sides.one.time("release.ts", "--dry-run"),
      many: () => sides.many.time("release.ts", "--dry-run"),
    });
    const name = `Release preparation, ${TARGETS} prod to one`;
    return summarizeBeside(name, times.one, times.many, 2);
  } finally {
    await sides.one.close();
    await sides.many.close();
  }
}

/** Twenty envs beside one of them; they are of one service, and each is read by itself. */
async function timeStatus(rounds: number): Promise<Row> {
  const place = await openPlace();
  try {
    await place.time("deploy.ts", "local");
    // Besides `local` and `dev`.
    for (const n of number(ENVS - 2)) await place.addEnv(`local-${n}`);
    const times = await inTurns(rounds, {
      one: () => place.time("status.ts", "local"),
      many: () => place.time("status.ts", "--all"),
    });
    const name = `Status of ${ENVS} envs, beside one`;
    return summarizeBeside(name, times.one, times.many, 3);
  } finally {
    await place.close();
  }
}

interface Place {
  directory: string;
  /** The scripts of this directory as an image that a release may verify with. */
  pushTools(): void;
  /** Adds an env: a target has a service of its own in the prod project. */
  addEnv(env: string): Promise<void>;
  /** Seconds of `scripts/NAME …`, which must succeed. */
  time(name: string, ...options: string[]): Promise<number>;
  close(): Promise<void>;
}

/** A rehearsal with the envs `local` and `dev`. */
async function openPlace(): Promise<Place> {
  const { emulator, workspace } = await startThreeStages();
  const { directory } = workspace;
  const fileOf = (env: string): string =>
    path.join(directory, "envs", `${env}.env`);
  for (const env of ["prod-us", "prod-eu"]) await rm(fileOf(env));
  return {
    directory,
    pushTools: () => {
      const content = { kind: "tools" as const, directory };
      const digest = `sha256:${"0".repeat(64)}`;
      pushImage(emulator.cloud, DEVELOPER, TOOLS, { digest, content });
    },
    addEnv: (env) => {
      const lines = env.startsWith("prod-")
        ? ["PROJECT_ID=demo-prod", `SERVICE=litellm-proxy-${env}`]
        : ["PROJECT_ID=demo-litellm"];
      const text = ["REGION=us-central1", ...lines, ""].join("\n");
      return writeFile(fileOf(env), text);
    },
    time: async (name, ...options) => {
      const script = path.join(ROOT, "scripts", name);
      const { seconds } = await timeRun([...LAUNCHED, script, ...options], {
        cwd: directory,
        env: { ...neutralEnvironment(), ...emulator.env },
      });
      return seconds;
    },
    close: async () => {
      await emulator.close();
      await workspace.remove();
    },
  };
}

/** A pipeline from dev to these prod targets, of one project, set up. */
async function openPipeline(targets: readonly string[]): Promise<Place> {
  const place = await openPlace();
  const stages = ["dev", ...targets].map((targetId) => ({ targetId }));
  await writeFile(
    path.join(place.directory, "clouddeploy.yaml"),
    JSON.stringify({
      apiVersion: "deploy.cloud.google.com/v1",
      kind: "DeliveryPipeline",
      metadata: { name: "litellm" },
      serialPipeline: { stages },
    }),
  );
  for (const target of targets) await place.addEnv(target);
  await place.time("setup.ts", "--yes");
  place.pushTools();
  return place;
}

/** One after the other, after a round that fills the caches. */
async function inTurns(
  rounds: number,
  sides: Record<"one" | "many", () => Promise<number>>,
): Promise<Record<"one" | "many", number[]>> {
  const times = { one: [] as number[], many: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const both = { one: await sides.one(), many: await sides.many() };
    if (round === 0) continue;
    times.one.push(both.one);
    times.many.push(both.many);
  }
  return times;
}

function number(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}
