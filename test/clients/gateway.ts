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
  /** Pastes what `connect` prints for a client, and then runs a line in the folder where another client is installed. */
  runAs: (settings: string, client: string, line: string) => Promise<Finished>;
  close: () => Promise<void>;
}

/** `change`: what is otherwise in the shipped config. */
export async function startClientGateway(
  change: (config: string) => string = (config) => config,
): Promise<ClientGateway> {
  const emulator = await startTestEmulator();
  const workspace = await makeWorkspace(emulator, { config: "shipped" });
  await workspace.edit("config/litellm.vertex.yaml", change);
  const home = await mkdtemp(path.join(tmpdir(), "litellm-client-"));
  const deployed = await workspace.script("deploy.ts");
  expectDone(deployed);
  const settings = new Map<string, string>();
  const connect = async (client: string): Promise<string> => {
    const printed = await workspace.script("connect.ts", ["local", client]);
    expectDone(printed);
    return printed.stdout;
  };
  return {
    emulator,
    home,
    workspace,
    runAs: async (name, client, line) => {
      const found = settings.get(name) ?? (await connect(name));
      settings.set(name, found);
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
