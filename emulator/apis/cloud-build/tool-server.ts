import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { findForeign } from "../../core/boundary.ts";
import { script } from "../../machine/runtime/program.ts";
import { BUILDERS } from "./stand-ins/builders.ts";
import type { ToolCall, ToolResult } from "./stand-ins/tool.ts";

const CLIENT = fileURLToPath(new URL("stand-in.ts", import.meta.url));

/** Commands that a shell of a step finds, and what answers them. */
export interface ToolServer {
  /** Goes in front of the PATH. */
  directory: string;
  close: () => Promise<void>;
}

/** Puts commands of the tools' names into a directory: each asks the emulator what to do. */
export async function startToolServer(
  directory: string,
  run: (tool: string, call: ToolCall) => Promise<ToolResult>,
): Promise<ToolServer> {
  // What knows the path is a step of the build.
  const path = `/${randomBytes(24).toString("base64url")}`;
  const server = createServer((request, response) => {
    if (request.url !== path || findForeign(request) !== undefined) {
      response.writeHead(403).end();
      return;
    }
    void (async () => {
      const sent = await text(request);
      const { tool, ...call } = JSON.parse(sent) as ToolCall & { tool: string };
      response.end(JSON.stringify(await run(tool, call)));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await mkdir(directory, { recursive: true });
  for (const name of new Set(BUILDERS.map((builder) => builder.name))) {
    const address = `http://127.0.0.1:${port}${path}`;
    const { command, args } = script(CLIENT, [address, name]);
    const quoted = [command, ...args].map((word) => `'${word}'`).join(" ");
    const file = join(directory, name);
    await writeFile(file, `#!/bin/sh\nexec ${quoted} "$@"\n`);
    await chmod(file, 0o755);
  }
  return {
    directory,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
