import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AGENTS, HERE } from "./agents.ts";
import { type ClientGateway, startClientGateway } from "./gateway.ts";

let gateway: ClientGateway;
let note: string;
beforeAll(async () => {
  gateway = await startClientGateway();
  note = path.join(gateway.home, "note.txt");
  await writeFile(note, "the secret ingredient is salt\n");
}, 300_000);
afterAll(() => gateway.close());

/** What a package.json of this folder has: the one package. */
interface Lock {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

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
