import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEVELOPER } from "../emulator/emulator.ts";
import {
  type TestEmulator,
  startTestEmulator,
} from "../test/support/emulator.ts";
import { neutralEnvironment } from "../test/support/environment.ts";
import { isWrite } from "../test/support/inventory.ts";
import { makeWorkspace } from "../test/support/workspace.ts";
import { type Phase, bashFlow } from "./bash-flow.ts";
import { countGcloud } from "./counted-gcloud.ts";
import { type TimedRun, timeRun } from "./timed-run.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const LAUNCH = path.join(ROOT, "launch.js");
const REGION = "us-central1";
const CONFIG = "config/litellm.vertex.yaml";

export type Side = "bash" | "ours";

export interface Sample extends TimedRun {
  /** gcloud processes. */
  processes: number;
  writes: number;
}

export interface Contest {
  /** A new, empty project for a side. */
  enter(side: Side, projectId: string): Promise<Contender>;
  close(): Promise<void>;
}

export interface Contender {
  /** `preview` and `login`: ours alone. */
  run(phase: Phase | "preview" | "login"): Promise<Sample>;
  leave(): Promise<void>;
}

/** One emulator on which both sides run in turns, each in projects of its own. */
export async function startContest(): Promise<Contest> {
  const scratch = await mkdtemp(path.join(tmpdir(), "litellm-bench-"));
  const emulator = await startTestEmulator({ litellm: "stand-in" });
  const gcloud = countGcloud(scratch);
  return {
    async enter(side, projectId) {
      enableApis(emulator, projectId);
      const workspace = await makeWorkspace(emulator);
      const cwd = workspace.directory;
      const env = {
        ...neutralEnvironment(),
        ...emulator.environment(path.join(scratch, `gcloud-of-${side}`)),
        PATH: gcloud.path,
        // The bash flow sets the project itself, in gcloud's configuration.
        CLOUDSDK_CORE_PROJECT: side === "bash" ? undefined : projectId,
        PROJECT_ID: side === "bash" ? undefined : projectId,
      };
      const commands: Commands = side === "bash" ? typed(projectId) : ours();
      return {
        async run(phase) {
          const command = commands[phase];
          if (command === undefined) throw new Error(`no ${phase} in bash`);
          if (phase === "change" || phase === "preview") {
            await appendFile(path.join(cwd, CONFIG), "\n# changed\n");
          }
          gcloud.take();
          const before = emulator.exchanges.length;
          const marks = { verify: /^- Verify /m, verified: /^\d+ passed/m };
          const timed = await timeRun(command, {
            cwd,
            env,
            marks,
          });
          const exchanges = emulator.exchanges.slice(before);
          return {
            ...timed,
            processes: gcloud.take(),
            writes: exchanges.filter(isWrite).length,
          };
        },
        leave: () => workspace.remove(),
      };
    },
    async close() {
      await emulator.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** The bash flow takes them for enabled, so both sides find them so. */
function enableApis({ cloud }: TestEmulator, projectId: string): void {
  const { enabledApis } = cloud.createProject(projectId, DEVELOPER);
  for (const api of ["run", "secretmanager", "iam", "aiplatform"]) {
    enabledApis.add(`${api}.googleapis.com`);
  }
}

/** By what is timed. */
type Commands = Partial<Record<Parameters<Contender["run"]>[0], string[]>>;

function typed(projectId: string): Commands {
  const flow = bashFlow({ projectId, region: REGION });
  const bash = (script: string): string[] => ["bash", "-c", script];
  return {
    first: bash(flow.first),
    again: bash(flow.again),
    change: bash(flow.change),
    clean: bash(flow.clean),
  };
}

function ours(): Commands {
  const script = (name: string, ...options: string[]): string[] => [
    ...[process.execPath, "--import", LAUNCH],
    path.join(ROOT, "scripts", name),
    "local",
    ...options,
  ];
  return {
    first: script("deploy.ts"),
    again: script("deploy.ts"),
    preview: script("deploy.ts", "--dry-run"),
    login: ["gcloud", "config", "config-helper", "--format=json"],
    change: script("deploy.ts"),
    clean: script("clean.ts", "--yes"),
  };
}
