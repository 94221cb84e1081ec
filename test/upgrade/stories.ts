import type { FakeKeys } from "./recording.ts";

/** What a recording is made with: the scripts of the version that is recorded, and gcloud. */
export interface Stage {
  script: (
    name: string,
    args: readonly string[],
    env?: Record<string, string>,
  ) => Promise<void>;
  gcloud: (...args: string[]) => Promise<void>;
  edit: (file: string, change: (text: string) => string) => Promise<void>;
  /** Waits until no rollout of the last release runs. */
  settle: () => Promise<void>;
}

export type Story = (stage: Stage) => Promise<void>;

export const PROJECTS = ["demo-litellm", "demo-prod"] as const;

export const TOOLS = `us-central1-docker.pkg.dev/demo-litellm/litellm/tools@sha256:${"0".repeat(64)}`;

/** Long and varied enough for the scripts, and plainly nobody's. */
export const KEYS: FakeKeys = {
  master: [1, 2].map((n) => `sk-fake-key-of-the-upgrade-fixtures-${n}`),
  gemini: [1, 2].map((n) => `fake-gemini-key-of-the-upgrade-fixtures-${n}`),
};

/** What a pipeline's setup is given. */
export const REPOSITORY =
  "--repository=projects/demo-litellm/locations/us-central1/connections/c/repositories/r";

/** The name of a story is that of its recording. */
export const STORIES: Record<string, Story> = {
  "direct-vertex": deployVertex,
  "direct-apikey": deployApikey,
  pipeline: deliver,
};

/** Two revisions: the second with another config and another setting. */
async function deployVertex({ script, edit }: Stage): Promise<void> {
  await script("deploy.ts", ["local"], keys(0));
  await changeConfig(edit, "vertex");
  await edit("envs/local.env", (text) => `${text}CONCURRENCY=20\n`);
  await script("deploy.ts", ["local"]);
}

/** Two revisions: the second with other keys too. */
async function deployApikey({ script, edit }: Stage): Promise<void> {
  await edit("envs/local.env", (text) =>
    text.replace("MODE=vertex", "MODE=apikey"),
  );
  await script("deploy.ts", ["local"], keys(0));
  await changeConfig(edit, "apikey");
  await script("deploy.ts", ["local"], keys(1));
}

/** Two releases: the first serves in dev and prod-us, the second in dev and at 10 % in prod-us. */
async function deliver({ script, gcloud, edit, settle }: Stage): Promise<void> {
  for (const [env, project] of [
    ["dev", PROJECTS[0]],
    ["prod-us", PROJECTS[1]],
    ["prod-eu", PROJECTS[1]],
  ] as const) {
    await edit(`envs/${env}.env`, (text) =>
      text.replace("#PROJECT_ID=my-project", `PROJECT_ID=${project}`),
    );
  }
  await script("setup.ts", [REPOSITORY]);
  const release = (commit: string) =>
    script("release.ts", [], {
      COMMIT_SHA: commit.repeat(40),
      TOOLS_IMAGE: TOOLS,
      LITELLM_MASTER_KEY: KEYS.master[0] ?? "",
    });
  await release("1");
  await script("promote.ts", ["prod-us", "--approve", "--yes"]);
  await changeConfig(edit, "vertex");
  await release("2");
  await script("promote.ts", ["prod-us", "--yes"]);
  const act = async (verb: string, ...args: string[]) => {
    await gcloud(
      ...["deploy", "rollouts", verb, `${SECOND}-to-prod-us-0001`, "--quiet"],
      ...["--delivery-pipeline=litellm", `--release=${SECOND}`],
      ...["--project=demo-litellm", "--region=us-central1", ...args],
    );
    await settle();
  };
  await act("approve");
  await act("advance", "--phase-id=canary-10");
}

const SECOND = `r-${"2".repeat(12)}`;

async function changeConfig(
  edit: Stage["edit"],
  mode: "vertex" | "apikey",
): Promise<void> {
  await edit(`config/litellm.${mode}.yaml`, (text) => `${text}\n# changed\n`);
}

function keys(index: number): Record<string, string> {
  return {
    LITELLM_MASTER_KEY: KEYS.master[index] ?? "",
    GEMINI_API_KEY: KEYS.gemini[index] ?? "",
  };
}
