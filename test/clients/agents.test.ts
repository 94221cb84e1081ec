import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientGateway, startClientGateway } from "./gateway.ts";

let gateway: ClientGateway;
let note: string;
beforeAll(async () => {
  gateway = await startClientGateway();
  note = path.join(gateway.home, "note.txt");
  await writeFile(note, "the secret ingredient is salt\n");
}, 300_000);
afterAll(() => gateway.close());

const PLATFORM = `${process.platform}-${process.arch}`;

interface Agent {
  settings: string;
  /** What starts it, with its switches against what would leave this machine. */
  command: string;
  /** Asks it to read a file with a tool of its own. */
  prompt: (file: string) => string;
  /** What it asks of others all the same, once it was told not to. */
  leaves: string[];
}

/** What a package.json of this folder has: the one package. */
interface Lock {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const AGENTS: Record<string, Agent> = {
  "claude-code": {
    settings: "claude",
    command: `CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 node_modules/@anthropic-ai/claude-code-${PLATFORM}/claude -p --allowedTools=Read --add-dir="$HOME"`,
    prompt: (file) => `use Read {"file_path": "${file}"}`,
    leaves: [],
  },
  codex: {
    settings: "codex",
    command:
      "node_modules/.bin/codex exec --profile=litellm-local --skip-git-repo-check -c analytics.enabled=false -c check_for_update_on_startup=false -c features.plugins=false -c features.apps=false",
    prompt: (file) => `use exec_command {"cmd": "cat ${file}"}`,
    leaves: [],
  },
  "gemini-cli": {
    settings: "gemini",
    command:
      'node_modules/.bin/gemini --skip-trust --include-directories="$HOME" -p',
    prompt: (file) => `use read_file {"file_path": "${file}"}`,
    leaves: [],
  },
  opencode: {
    settings: "opencode",
    command: `OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1 node_modules/opencode-${PLATFORM}/bin/opencode run`,
    prompt: () => "use read",
    leaves: ["registry.npmjs.org:443"],
  },
};

// opencode's lock has one platform: npm takes none whose other platforms it cannot find.
const HERE = Object.entries(AGENTS).filter(
  ([client]) => client !== "opencode" || PLATFORM === "linux-x64",
);

test.each(Object.entries(AGENTS))(
  "docs/clients.md names the version of %s that was tried",
  async (client, { settings }) => {
    const read = (file: string): Promise<string> =>
      readFile(path.join(import.meta.dirname, file), "utf8");
    const lock = JSON.parse(await read(`${client}/package.json`)) as Lock;
    const [version] = Object.values({
      ...lock.dependencies,
      ...lock.optionalDependencies,
    });
    expect(await read("../../docs/clients.md")).toContain(
      `scripts/connect.ts dev ${settings}\`, tried with ${version}`,
    );
  },
);

test.each(HERE)(
  "%s answers, and reads a file with a tool of its own",
  async (client, { settings, command, prompt, leaves }) => {
    const { emulator } = gateway;
    const before = emulator.lines.length;
    const run = (text: string) =>
      gateway.runAs(settings, client, `${command} '${text}' < /dev/null`);
    const said = await run("Say hello.");
    expect(said.stdout, said.stderr).toContain("rehearsed on your machine");
    expect(said.exitCode).toBe(0);
    const used = await run(prompt(note));
    expect(used.stdout, used.stderr).toMatch(
      client === "opencode" ? /read answered/ : /the secret ingredient is salt/,
    );
    const left = emulator.lines
      .slice(before)
      .filter((line) => line.startsWith("CONNECT "))
      .map((line) => line.split(" ")[1] ?? "");
    expect([...new Set(left)].sort()).toEqual(leaves);
  },
  300_000,
);
