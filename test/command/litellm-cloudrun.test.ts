import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../command/commands.ts";
import { type Finished, runProcess } from "../support/emulator.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PARTS = [
  ...["litellm-cloudrun", "launch.js", "package.json"],
  ...["command", "emulator", "scripts", "tools", "envs", "config"],
];

let directory: string;
let clone: string;
let elsewhere: string;
let link: string;

/** A clone in a folder with spaces, and a chain of links to its command. */
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "litellm cloudrun "));
  clone = path.join(directory, "the clone");
  elsewhere = path.join(directory, "else where");
  for (const part of PARTS) {
    await cp(path.join(ROOT, part), path.join(clone, part), {
      recursive: true,
    });
  }
  await symlink(
    path.join(ROOT, "node_modules"),
    path.join(clone, "node_modules"),
  );
  await mkdir(elsewhere);
  await symlink("../the clone/litellm-cloudrun", path.join(elsewhere, "first"));
  link = path.join(elsewhere, "second");
  await symlink("first", link);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function run(...args: string[]): Promise<Finished> {
  return runProcess(link, args, { cwd: elsewhere });
}

describe("from elsewhere, by a link to a clone in a folder with spaces", () => {
  test("the overview fits 24 lines of 80 columns", async () => {
    const { stdout, exitCode } = await run("--help");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(exitCode).toBe(0);
  });

  test("the version is that of the project", async () => {
    const { version } = JSON.parse(
      readFileSync(path.join(ROOT, "package.json"), "utf8"),
    ) as { version: string };
    expect((await run("--version")).stdout).toBe(`${version}\n`);
  });

  test("a command is the script, with its own help and errors", async () => {
    const help = await run("deploy", "--help");
    expect(help.stdout).toContain("Usage: npx tsx scripts/deploy.ts [env]");
    expect((await run("help", "deploy")).stdout).toBe(help.stdout);
    const wrong = await run("status", "locl");
    expect(wrong.stderr).toContain('Did you mean "local"?');
    expect(wrong.exitCode).toBe(2);
  });

  test("a misspelt command is wrong usage, and so is none", async () => {
    const wrong = await run("stauts");
    expect(wrong.stderr).toBe(
      'error: there is no command "stauts"\n  Did you mean status?\n',
    );
    expect(wrong.exitCode).toBe(2);
    const inherited = await run("constructor");
    expect(inherited.exitCode).toBe(2);
    expect((await run()).exitCode).toBe(2);
  });

  test("a file is looked for where the command was called", async () => {
    await writeFile(path.join(elsewhere, "own.yaml"), "model_list: []\n");
    const { stderr } = await run("validate", "own.yaml");
    expect(stderr).toContain("own.yaml");
    expect(stderr).not.toContain("cannot be read");
  });
});

describe("completions", () => {
  let script: string;

  beforeAll(async () => {
    ({ stdout: script } = await run("completions", "bash"));
  });

  /** What bash offers for the last of `words`, with the words as bash splits them. */
  async function offer(...words: string[]): Promise<string[]> {
    const program = `${script}
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _litellm_cloudrun "$1"
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ["--norc", "-c", program, "bash", link, ...words];
    const { stdout, stderr } = await runProcess("bash", args, {
      cwd: elsewhere,
    });
    expect(stderr).toBe("");
    return stdout.split("\n").filter((line) => line !== "");
  }

  test("bash offers commands, options, their values, and the envs of today", async () => {
    expect(await offer("st")).toEqual(["start", "status"]);
    expect(await offer("help", "dep")).toEqual(["deploy"]);
    expect(await offer("setup", "--gith")).toEqual([
      "--github=",
      "--github-ids=",
    ]);
    expect(await offer("setup", "--ci", "=")).toEqual(["github"]);
    expect(await offer("validate", "--mode", "=", "v")).toEqual(["vertex"]);
    expect(await offer("keys", "dev", "a")).toContain("add");
    expect(await offer("start", "--mode", "=", "a")).toEqual(["apikey"]);
    expect(await offer("rehearse", "--st")).toEqual(["--stand-in"]);
    expect(await offer("emulator", "--p")).toEqual(["--port=", "--project="]);
    expect(await offer("emulator", "ex")).toEqual(["exec"]);
    await writeFile(path.join(clone, "envs", "of-today.env"), "");
    await writeFile(path.join(clone, "envs", "of-today.local.env"), "");
    expect(await offer("deploy", "of")).toEqual(["of-today"]);
    await rm(path.join(clone, "envs", "of-today.env"));
    await rm(path.join(clone, "envs", "of-today.local.env"));
    expect(await offer("deploy", "of")).toEqual([]);
  });

  test("of a shell that has none, the right ones are named", async () => {
    const { stderr, exitCode } = await run("completions", "zhs");
    expect(stderr).toContain("bash, zsh, fish");
    expect(stderr).toContain("Did you mean zsh?");
    expect(exitCode).toBe(2);
    for (const shell of ["zsh", "fish"]) {
      const { stdout } = await run("completions", shell);
      expect(stdout).toContain("rollback");
      expect(stdout).not.toContain("npx");
    }
  });
});

test("without the packages it says how to install them", async () => {
  const bare = path.join(directory, "bare");
  await mkdir(bare);
  const command = path.join(bare, "litellm-cloudrun");
  await cp(path.join(ROOT, "litellm-cloudrun"), command);
  const { stderr, exitCode } = await runProcess(command, ["--version"]);
  expect(stderr).toContain("npm ci");
  expect(exitCode).toBe(2);
});

test("every script has its command, and every command its file", () => {
  const scripts = readdirSync(path.join(ROOT, "scripts"))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `scripts/${name}`);
  const files = Object.values(COMMANDS).map(({ file }) => file);
  expect(files).toEqual(expect.arrayContaining(scripts));
  for (const file of files) readFileSync(path.join(ROOT, file));
});

test("nothing tells anybody to let npx fetch a package of this name", () => {
  const words = ["npx", "litellm-cloudrun"].join(" ");
  const files = execFileSync("git", ["ls-files", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const telling = files
    .split("\0")
    .filter((name) => name !== "" && !name.endsWith("package-lock.json"))
    .filter((name) => {
      const text = readFileSync(path.join(ROOT, name), "utf8");
      return text.includes(words);
    });
  expect(telling).toEqual([]);
});
