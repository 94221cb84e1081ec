import { readFile } from "node:fs/promises";
import path from "node:path";
import { REPOSITORY } from "../../upgrade/stories.ts";
import { WITHOUT_HOOKS, writeFiles } from "../config-sets.ts";
import {
  BUILD_ENV,
  GEMINI_KEY,
  type Stage,
  type TypedCommand,
  succeed,
} from "./stage.ts";
import { listRevisions } from "./snapshot.ts";

/** A command in the state that it is tried in. */
export interface Trial {
  name: string;
  /** What comes before: runs, and what the operator edits. */
  prepare: (stage: Stage) => Promise<void>;
  /** Known when the state is. */
  command: (stage: Stage) => TypedCommand;
  /** Too long for every point: so many of them. */
  sample?: number;
}

const ENV = "envs/local.env";
const SET = "config/team";

function deploy(...options: string[]): TypedCommand {
  return { script: "deploy.ts", args: ["local", ...options] };
}

function rollback(...options: string[]): TypedCommand {
  return { script: "rollback.ts", args: ["local", "--yes", ...options] };
}

/** Another configuration, and another setting of the revision. */
async function change({ workspace }: Stage, n: number): Promise<void> {
  await workspace.edit("config/litellm.vertex.yaml", (t) => `${t}# ${n}\n`);
  await workspace.edit(ENV, (t) => {
    const others = t.replace(/^CONCURRENCY=.*\n/m, "");
    return `${others}CONCURRENCY=${20 + n}\n`;
  });
}

async function setMode(
  { workspace }: Stage,
  mode: "vertex" | "apikey",
): Promise<void> {
  await workspace.edit(ENV, (t) => t.replace(/^MODE=.*$/m, `MODE=${mode}`));
}

/** CONFIG is a directory from now on, with what stood in the one file before. */
async function takeDirectory({ workspace }: Stage): Promise<void> {
  const { directory, edit } = workspace;
  const one = path.join(directory, "config/litellm.vertex.yaml");
  await writeFiles(path.join(directory, SET), {
    "config.yaml": `include: [more-models.yaml]\n${await readFile(one, "utf8")}`,
    "more-models.yaml": WITHOUT_HOOKS["more-models.yaml"] ?? "",
    "words.py": WITHOUT_HOOKS["words.py"] ?? "",
  });
  await edit(ENV, (t) => `${t}CONFIG=${SET}/\n`);
}

/** Another text of two of its files. */
async function changeFiles({ workspace }: Stage): Promise<void> {
  for (const name of ["more-models.yaml", "words.py"]) {
    await workspace.edit(`${SET}/${name}`, (t) => `${t}# changed\n`);
  }
}

/** Three revisions, each with another configuration; the last one serves. */
async function deployThrice(stage: Stage, ...last: string[]): Promise<void> {
  await succeed(stage, deploy());
  await change(stage, 1);
  await succeed(stage, deploy());
  await change(stage, 2);
  await succeed(stage, deploy(...last));
}

async function setUp(stage: Stage): Promise<void> {
  await nameProjects(stage);
  await succeed(stage, setup);
}

async function nameProjects({ workspace }: Stage): Promise<void> {
  await workspace.setProject("dev", "demo-litellm");
  await workspace.setProject("prod-us", "demo-prod");
  await workspace.setProject("prod-eu", "demo-prod");
}

const withKey = { env: { GEMINI_API_KEY: GEMINI_KEY } };
const setup: TypedCommand = { script: "setup.ts", args: [REPOSITORY] };
const release: TypedCommand = {
  script: "release.ts",
  args: [],
  env: BUILD_ENV,
};
const promote: TypedCommand = {
  script: "promote.ts",
  args: ["prod-us", "--approve", "--yes"],
  env: BUILD_ENV,
};

export const TRIALS: readonly Trial[] = [
  {
    name: "first deploy",
    prepare: () => Promise.resolve(),
    command: () => deploy(),
  },
  {
    name: "redeploy",
    prepare: async (stage) => {
      await succeed(stage, deploy());
      await change(stage, 1);
    },
    command: () => deploy(),
  },
  {
    name: "first deploy of a directory",
    prepare: takeDirectory,
    command: () => ({ ...deploy(), ...withKey }),
  },
  {
    name: "redeploy of a directory",
    prepare: async (stage) => {
      await takeDirectory(stage);
      await succeed(stage, { ...deploy(), ...withKey });
      await changeFiles(stage);
    },
    command: () => ({ ...deploy(), ...withKey }),
  },
  {
    name: "vertex to apikey",
    prepare: async (stage) => {
      await succeed(stage, deploy());
      await setMode(stage, "apikey");
    },
    command: () => ({ ...deploy(), ...withKey }),
  },
  {
    name: "apikey to vertex",
    prepare: async (stage) => {
      await setMode(stage, "apikey");
      await succeed(stage, { ...deploy(), ...withKey });
      await setMode(stage, "vertex");
    },
    command: () => deploy(),
  },
  {
    name: "new key",
    prepare: async (stage) => {
      await succeed(stage, deploy());
    },
    command: () => deploy("--master-key=generate"),
  },
  {
    name: "rollback",
    prepare: deployThrice,
    command: () => rollback(),
  },
  {
    name: "rollback --to",
    prepare: deployThrice,
    command: ({ emulator }) =>
      rollback(`--to=${listRevisions(emulator.cloud)[0] ?? ""}`),
  },
  {
    name: "rollback with a rotated key",
    prepare: (stage) => deployThrice(stage, "--master-key=generate"),
    command: () => rollback(),
  },
  {
    name: "rotate",
    prepare: async (stage) => {
      await succeed(stage, deploy());
    },
    command: () => ({ script: "rotate.ts", args: ["local", "--yes"] }),
  },
  {
    name: "clean",
    prepare: deployThrice,
    command: () => ({ script: "clean.ts", args: ["local", "--yes"] }),
  },
  {
    name: "setup",
    prepare: nameProjects,
    command: () => setup,
    sample: 10,
  },
  {
    name: "release",
    prepare: setUp,
    command: () => release,
    sample: 10,
  },
  {
    name: "promote",
    prepare: async (stage) => {
      await setUp(stage);
      await succeed(stage, release);
    },
    command: () => promote,
    sample: 6,
  },
];

/** The trial of that name. */
export function trial(name: string): Trial {
  const found = TRIALS.find((t) => t.name === name);
  if (found === undefined) throw new Error(`no trial is called ${name}`);
  return found;
}
