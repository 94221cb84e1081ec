import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { UserError } from "../../core/user-error.ts";
import { DEVELOPER, type Emulator, startEmulator } from "../../emulator.ts";
import { runScriptOfProject, withoutSettings } from "../run-script.ts";
import type { LitellmChoice } from "../../machine/runtime/program.ts";
import { type Checkout, makeCheckout } from "./checkout.ts";

const DEV_PROJECT = "demo-litellm-dev";
const PROD_PROJECT = "demo-litellm-prod";

/** Where the pipeline is rehearsed: two projects, and a clone to push from. */
export interface Stage {
  readonly emulator: Emulator;
  readonly checkout: Checkout;
  readonly prodProject: string;
  /** Runs a script of the clone as a user would, and returns its standard output. Throws UserError when it fails. */
  run: (script: string, ...args: string[]) => Promise<string>;
  /** Pushes a commit to main; Cloud Build's trigger does the rest. */
  push: (commit: string) => Promise<void>;
  /** Leaves no process and no file behind. */
  close: () => Promise<void>;
}

export async function startStage(options: {
  litellm: () => LitellmChoice;
  log: (line: string) => void;
  signal: AbortSignal;
}): Promise<Stage> {
  const { signal, log } = options;
  const scratch = await mkdtemp(path.join(tmpdir(), "litellm-cloudrun-"));
  const emulator = await startEmulator({
    projectId: DEV_PROJECT,
    litellm: options.litellm,
    // Waits of minutes, shortened so that one still sees them.
    longestWait: 1000,
    log,
  });
  emulator.cloud.createProject(PROD_PROJECT, DEVELOPER);
  const checkout = await makeCheckout(path.join(scratch, "clone"));
  await nameProjects(checkout);
  const { directory } = checkout;
  const env = {
    ...withoutSettings(process.env),
    ...emulator.environment(path.join(scratch, "gcloud")),
  };
  return {
    emulator,
    checkout,
    prodProject: PROD_PROJECT,
    async run(script, ...args) {
      const { stdout, stderr, succeeded } = await runScriptOfProject({
        command: [script, ...args],
        directory,
        env,
        signal,
        stderr: "pipe",
      });
      for (const line of stderr.trimEnd().split("\n")) log(line);
      if (succeeded) return stdout;
      throw new UserError(`scripts/${script} failed:\n${stderr}`);
    },
    async push(commit) {
      const response = await fetch(
        `${emulator.url}/emulator/cloud-build/push`,
        {
          method: "POST",
          headers: {
            authorization: `Bearer ${emulator.cloud.newAccessToken(DEVELOPER)}`,
          },
          body: JSON.stringify({ directory, branch: "main", commit }),
        },
      );
      if (!response.ok) throw new Error(await response.text());
    },
    async close() {
      await emulator.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

async function nameProjects({ edit }: Checkout): Promise<void> {
  const unset = "#PROJECT_ID=my-project";
  await edit("envs/dev.env", unset, `PROJECT_ID=${DEV_PROJECT}`);
  await edit("envs/prod-us.env", unset, `PROJECT_ID=${PROD_PROJECT}`);
  await edit("envs/prod-eu.env", unset, `PROJECT_ID=${PROD_PROJECT}`);
  // What a push builds is tested here already.
  await edit(
    "package.json",
    '"test": "vitest run"',
    '"test": "npm run validate"',
  );
}
