import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inject } from "vitest";
import {
  type Finished,
  type TestEmulator,
  startTestEmulator,
} from "../support/emulator.ts";
import { expectDone } from "../support/expect-done.ts";
import { type Workspace, makeWorkspace } from "../support/workspace.ts";

/** The real LiteLLM, deployed in a rehearsal, and a home for clients that has nothing of the developer's. */
export interface ClientGateway {
  emulator: TestEmulator;
  home: string;
  workspace: Workspace;
  /**
   * Pastes what `connect` prints for a client, and then runs a line in the folder where another client is installed.
   * `options`: of `connect`, always the same ones.
   */
  runAs: (
    settings: string,
    client: string,
    line: string,
    options?: readonly string[],
  ) => Promise<Finished>;
  close: () => Promise<void>;
}

/** `change`: what is otherwise in the shipped config; `settings`: lines of the env file. */
export async function startClientGateway(
  change: (config: string) => string = (config) => config,
  settings = "",
): Promise<ClientGateway> {
  const emulator = await startTestEmulator();
  const workspace = await makeWorkspace(emulator, { config: "shipped" });
  await workspace.edit("config/litellm.vertex.yaml", change);
  await workspace.edit("envs/local.env", (text) => `${text}\n${settings}\n`);
  const home = await mkdtemp(path.join(tmpdir(), "litellm-client-"));
  const deployed = await workspace.script("deploy.ts");
  expectDone(deployed);
  const printedFor = new Map<string, string>();
  const connect = async (
    client: string,
    options: readonly string[],
  ): Promise<string> => {
    const args = ["local", client, ...options];
    const printed = await workspace.script("connect.ts", args);
    expectDone(printed);
    return printed.stdout;
  };
  return {
    emulator,
    home,
    workspace,
    runAs: async (name, client, line, options = []) => {
      const found = printedFor.get(name) ?? (await connect(name, options));
      printedFor.set(name, found);
      const installed = path.join(inject("clients"), client);
      const [lines = ""] = found.split(/^(?=python3 -|node --input|curl )/m);
      // What would leave this machine arrives at the emulator, which refuses it and says so.
      const rest = [
        `export HTTPS_PROXY=${emulator.url} NO_PROXY=127.0.0.1,localhost`,
        `cd ${installed}`,
        line,
      ];
      return emulator.run("bash", [], {
        input: [lines, ...rest].join("\n"),
        env: {
          HOME: home,
          PATH: `${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`,
          TERM: "xterm-256color",
        },
      });
    },
    close: async () => {
      await emulator.close();
      await workspace.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}
