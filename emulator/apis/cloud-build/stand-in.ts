import { text } from "node:stream/consumers";
import type { ToolResult } from "./stand-ins/tool.ts";

// Stands on the PATH of a build step as docker, crane or cosign: the emulator says what it does.

const [address = "", tool = "", ...args] = process.argv.slice(2);
const response = await fetch(address, {
  method: "POST",
  body: JSON.stringify({
    tool,
    args,
    directory: process.cwd(),
    // Only `docker build -` reads a Dockerfile from there.
    stdin: args.includes("-") ? await text(process.stdin) : "",
  }),
});
const { exitCode, stdout, stderr } = (await response.json()) as ToolResult;
process.stderr.write(stderr);
process.stdout.write(stdout);
process.exitCode = exitCode;
