import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { listCode } from "../docs/markdown.ts";
import { itConforms } from "../support/discovery.ts";
import { type TestEmulator, startTestEmulator } from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { findService } from "../support/services.ts";
import { NOTHING, isWrite, takeInventory } from "../support/inventory.ts";
import { leaksInto } from "../support/leaks.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

// What CONTRIBUTING.md says about another key, done: its code block is put into a
// copy of the scripts, and nothing else.

const ROOT = path.resolve(import.meta.dirname, "../..");
const [ENTRY = ""] = listCode(
  readFileSync(path.join(ROOT, "CONTRIBUTING.md"), "utf8"),
  "Add a key",
);
const TABLE_END = "] as const satisfies readonly Key[];";

const READER =
  "roles/secretmanager.secretAccessor serviceAccount:litellmsa@demo-litellm.iam.gserviceaccount.com";
const FIRST = `first-${randomBytes(20).toString("hex")}`;
const SECOND = `second-${randomBytes(20).toString("hex")}`;
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";

interface Outcome {
  revision: string;
  steps: string[];
  changed: string[];
}

let emulator: TestEmulator;
let workspace: Workspace;
/** All that the scripts said. */
let said = "";

beforeAll(async () => {
  emulator = await startTestEmulator({ litellm: "stand-in" });
  workspace = await makeWorkspace(emulator);
  const { directory } = workspace;
  await rm(path.join(directory, "scripts"));
  for (const name of ["scripts", "tools", "docs", ".prettierrc.json"]) {
    await cp(path.join(ROOT, name), path.join(directory, name), {
      recursive: true,
    });
  }
  await symlink(
    path.join(ROOT, "launch.js"),
    path.join(directory, "launch.js"),
  );
  await workspace.edit("scripts/lib/settings/keys.ts", (text) =>
    text.replace(TABLE_END, `${ENTRY}${TABLE_END}`),
  );
  for (const env of ["dev", "prod-us", "prod-eu"]) {
    await workspace.setProject(env, "demo-litellm");
  }
});

afterAll(async () => {
  await emulator.close();
  await workspace.remove();
});

/** Runs a script of the copy, with a key in the shell (none: empty). */
async function run(
  script: string,
  args: readonly string[],
  { key = "", ...env }: { key?: string; COMMIT_SHA?: string } = {},
) {
  const finished = await emulator.run(
    process.execPath,
    ["--import", "./launch.js", script, ...args],
    { cwd: workspace.directory, env: { OPENAI_API_KEY: key, ...env } },
  );
  said += finished.stdout + finished.stderr;
  return finished;
}

/** A run that must succeed; its standard output. */
async function succeed(...given: Parameters<typeof run>): Promise<string> {
  const finished = await run(...given);
  expectDone(finished);
  return finished.stdout;
}

async function deploy(key?: string): Promise<Outcome> {
  const options = key === undefined ? {} : { key };
  const args = ["local", "--json"];
  const stdout = await succeed("scripts/deploy.ts", args, options);
  return JSON.parse(stdout) as Outcome;
}

function secret(): string | undefined {
  return takeInventory(emulator).secrets.find((line) =>
    line.startsWith("litellm-openai-key "),
  );
}

/** `VARIABLE SECRET:VERSION`, of what the revision that serves reads. */
function pins(): string[] {
  const service = findService(emulator);
  const [target] = service?.serving ?? [];
  const revision = service?.revisions.get(target?.revisionName ?? "");
  return (revision?.template.spec.containers ?? [])
    .flatMap(({ env = [] }) => env)
    .flatMap(({ name, valueFrom }) => {
      const from = valueFrom?.secretKeyRef;
      if (from === undefined) return [];
      return [`${name} ${from.name ?? ""}:${from.key ?? ""}`];
    });
}

const MASTER = "LITELLM_MASTER_KEY litellm-master-key:1";

describe("a key that is one entry", () => {
  test("is an option, a setting and a line of the documents", async () => {
    const help = await succeed("scripts/deploy.ts", ["--help"]);
    expect(help).toContain("--openai-key=stdin|prompt\n");
    const { stderr } = await run("tools/docs.ts", []);
    expect(stderr).toBe(
      "docs/commands.md is written.\ndocs/settings.md is written.\n",
    );
    const settings = readFileSync(
      path.join(workspace.directory, "docs/settings.md"),
      "utf8",
    );
    expect(settings).toMatch(
      /\| `OPENAI_KEY_SECRET` +\| `litellm-openai-key` /,
    );
  });

  test("is missed where there is none, before any write", async () => {
    const before = emulator.exchanges.length;
    const { exitCode, stderr } = await run("scripts/deploy.ts", ["local"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("OpenAI API key, and none is given or stored");
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("is stored, granted, pinned and given to the service", async () => {
    await deploy(FIRST);
    expect(secret()).toBe(
      `litellm-openai-key labels=litellm-cloudrun versions=ENABLED aliases= readers=${READER}`,
    );
    expect(pins()).toEqual([MASTER, "OPENAI_API_KEY litellm-openai-key:1"]);
  });

  test("is not stored again, whether it is in the shell or not", async () => {
    const before = emulator.exchanges.length;
    expect((await deploy(FIRST)).steps).toEqual([]);
    expect((await deploy()).steps).toEqual([]);
    expect(emulator.exchanges.slice(before).filter(isWrite)).toEqual([]);
  });

  test("is rotated by another value, and today's after a rollback", async () => {
    await workspace.edit("envs/local.env", (text) => `${text}CONCURRENCY=20\n`);
    const { changed } = await deploy(SECOND);
    expect(changed).toEqual([
      "revision.spec.containerConcurrency",
      "revision.spec.containers[0].env[3].valueFrom.secretKeyRef.key",
    ]);
    expect(secret()).toContain(" versions=ENABLED,ENABLED ");
    expect(pins()).toEqual([MASTER, "OPENAI_API_KEY litellm-openai-key:2"]);
    const { exitCode, stderr } = await run("scripts/rollback.ts", [
      "local",
      "--yes",
    ]);
    expect(stderr).toContain(
      "version 1 of litellm-openai-key was superseded by version 2",
    );
    expect(exitCode).toBe(0);
    expect(pins()).toEqual([MASTER, "OPENAI_API_KEY litellm-openai-key:2"]);
  });

  test("goes with clean, like everything else", async () => {
    await succeed("scripts/clean.ts", ["local", "--yes"]);
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
  });
});

describe("a key that is one entry, in a pipeline,", () => {
  test("has its secret made by setup", async () => {
    await succeed("scripts/setup.ts", ["--yes"]);
    expect(secret()).toContain(" versions= ");
  });

  test("is stored by a release, and pinned by each of its targets", async () => {
    pushImage(
      emulator.cloud,
      DEVELOPER,
      "us-central1-docker.pkg.dev/demo-litellm/litellm/tools:latest",
      {
        digest: `sha256:${"7".repeat(64)}`,
        content: { kind: "tools", directory: workspace.directory },
      },
    );
    const preview = await succeed("scripts/release.ts", ["--dry-run"], {
      key: FIRST,
      COMMIT_SHA,
    });
    expect(preview).toContain(
      'printf %s "$OPENAI_API_KEY" | gcloud secrets versions add litellm-openai-key ',
    );
    expect(preview).toContain("- name: OPENAI_API_KEY\n");
    const targets = preview.match(
      /^ {2}openaiKeySecret: litellm-openai-key\n {2}openaiKeyVersion: "1"$/gm,
    );
    expect(targets).toHaveLength(3);
  });

  test("goes with the pipeline", async () => {
    await succeed("scripts/setup.ts", ["--remove", "--yes"]);
    expect(takeInventory(emulator)).toMatchObject(NOTHING);
  });
});

test("the key's value is shown by nothing that was said or logged", () => {
  expect(said).toContain("OPENAI_API_KEY");
  const everything = said + emulator.lines.join("\n");
  expect(leaksInto(everything, [FIRST, SECOND])).toBe(false);
});

itConforms(() => emulator.exchanges);
