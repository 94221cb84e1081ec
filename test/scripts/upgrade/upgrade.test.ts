import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Finished, runProcess } from "../../support/emulator.ts";
import { scriptCommand } from "../../support/quick-scripts/script-command.ts";

let scratch: string;

/** The project itself, and a clone of it with an env and a config of its own. */
const folder = (name: "project" | "clone") => path.join(scratch, name);

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "litellm-upgrade-"));
  await git("project", "init", "-q", "-b", "main");
  await commit("project", {
    "package.json": '{ "version": "0.1.0" }\n',
    "package-lock.json": "{}\n",
    "config/service.yaml": "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n",
    "envs/dev.env": "REGION=us-central1\n",
  });
  await git("clone", "clone", "-q", folder("project"), ".");
  await commit("clone", {
    "config/service.yaml": "a: 1\nb: 1\nc: 1\nd: 1\ne: own\n",
    "envs/staging.env": "REGION=europe-west1\n",
  });
});

afterEach(() => rm(scratch, { recursive: true, force: true }));

async function git(
  where: "project" | "clone",
  ...args: string[]
): Promise<string> {
  await mkdir(folder(where), { recursive: true });
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  const run = await runProcess("git", [...who, ...args], {
    cwd: folder(where),
  });
  expect(`${String(run.exitCode)} ${run.stderr}`).toMatch(/^0 /);
  return run.stdout;
}

async function commit(
  where: "project" | "clone",
  files: Record<string, string>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder(where), name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await git(where, "add", "-A");
  await git(where, "commit", "-qm", "a change");
}

function upgrade(...args: string[]): Promise<Finished> {
  const { command, args: script, env } = scriptCommand("upgrade.ts", args);
  const who = {
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@example.com",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@example.com",
  };
  return runProcess(command, script, {
    cwd: folder("clone"),
    env: { PATH: process.env.PATH ?? "", ...env, ...who },
  });
}

const inClone = (name: string) =>
  readFile(path.join(folder("clone"), name), "utf8");

describe("upgrade", () => {
  test("joins what is new with an env and a manifest of one's own", async () => {
    await commit("project", {
      "package.json": '{ "version": "0.2.0" }\n',
      "package-lock.json": "{ }\n",
      "config/service.yaml": "a: new\nb: 1\nc: 1\nd: 1\ne: 1\n",
    });
    const preview = await upgrade("--dry-run");
    expect(preview.stdout).toMatch(/^git merge --no-edit [0-9a-f]{40}\n$/);
    const { stderr, exitCode } = await upgrade();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain("litellm-cloudrun 0.1.0 → 0.2.0, 1 commit.");
    expect(stderr).toContain("  config/service.yaml\n");
    expect(stderr).toContain("Its packages: npm ci");
    expect(await inClone("config/service.yaml")).toBe(
      "a: new\nb: 1\nc: 1\nd: 1\ne: own\n",
    );
    expect(await inClone("envs/staging.env")).toBe("REGION=europe-west1\n");
    expect((await upgrade()).stderr).toContain("Nothing to do");
  });

  test("names what was changed on both sides, and merges nothing", async () => {
    await commit("project", {
      "config/service.yaml": "a: 1\nb: 1\nc: 1\nd: 1\ne: theirs\n",
    });
    const before = await git("clone", "rev-parse", "HEAD");
    const { stderr, exitCode } = await upgrade();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("nothing was merged:\n  config/service.yaml\n");
    expect(stderr).toMatch(/git merge [0-9a-f]{40}/);
    expect(await git("clone", "rev-parse", "HEAD")).toBe(before);
    expect(await git("clone", "status", "--porcelain")).toBe("");
  });

  test("does not begin where something is not committed, nor where nothing is in common", async () => {
    await writeFile(path.join(folder("clone"), "envs/new.env"), "A=1\n");
    const dirty = await upgrade();
    expect(dirty.exitCode).toBe(2);
    expect(dirty.stderr).toContain("?? envs/new.env");
    await git("clone", "add", "-A");
    await git("clone", "commit", "-qm", "own");
    await git("project", "checkout", "-q", "--orphan", "other");
    await git("project", "commit", "-qm", "another beginning");
    const stranger = await upgrade("other");
    expect(stranger.exitCode).toBe(1);
    expect(stranger.stderr).toContain("has no commit in common");
    const missing = await upgrade("--from=/no/such/place");
    expect(missing.stderr).toContain(
      "HEAD of /no/such/place cannot be fetched",
    );
    expect(missing.exitCode).toBe(1);
  });

  test("takes no address for an option of git's", async () => {
    const mark = path.join(scratch, "mark");
    const run = await upgrade(`--from=--upload-pack=touch ${mark};`);
    expect(run.exitCode).toBe(1);
    expect(existsSync(mark)).toBe(false);
  });

  test("does not begin while a merge is under way: to commit it all would commit the conflicts", async () => {
    await commit("project", { "config/service.yaml": "a: theirs\n" });
    await git("clone", "fetch", "-q", "origin");
    await expect(git("clone", "merge", "origin/main")).rejects.toThrow();
    const run = await upgrade();
    expect(run.stderr).toContain("a merge is under way here");
    expect(run.stderr).toContain("git merge --abort");
    expect(run.stderr).not.toContain("git add -A");
    expect(run.exitCode).toBe(2);
  });

  test("does not begin in a copy without a history, which may lie in another clone", async () => {
    await rm(path.join(folder("clone"), ".git"), { recursive: true });
    const copy = await upgrade();
    expect(copy.stderr).toContain("this folder is no git clone");
    expect(copy.exitCode).toBe(2);
    await runProcess("git", ["init", "-q"], { cwd: scratch });
    expect((await upgrade()).stderr).toBe(copy.stderr);
  });

  test("Ctrl-C while it merges says the way back, which leads there", async () => {
    await commit("project", { "envs/dev.env": "REGION=us-east1\n" });
    const before = (await git("clone", "rev-parse", "HEAD")).trim();
    const hook = path.join(folder("clone"), ".git/hooks/pre-merge-commit");
    // What takes long is the merge: the one who waits has had enough.
    await mkdir(path.dirname(hook), { recursive: true });
    await writeFile(
      hook,
      '#!/bin/sh\nkill -INT "$(ps -o ppid= -p "$PPID")" "$PPID"\nsleep 5\n',
      {
        mode: 0o755,
      },
    );
    const { stderr, exitCode } = await upgrade();
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`git reset --hard ${before}`);
    await git("clone", "reset", "-q", "--hard", before);
    expect(await git("clone", "status", "--porcelain")).toBe("");
    expect(await inClone("envs/dev.env")).toBe("REGION=us-central1\n");
    await rm(hook);
    expect((await upgrade()).exitCode).toBe(0);
  });
});
