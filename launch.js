// For `node --import`: what Node compiles is kept, so that a script starts in half
// the time, and tsx runs TypeScript where Node does not (before 22.18): there it is
// scripts/lib/cli/node-version.ts that says which Node is needed.
import module from "node:module";
import process from "node:process";
import { URL, fileURLToPath } from "node:url";

const cache = new URL(".cache/node", import.meta.url);
module.enableCompileCache?.(fileURLToPath(cache));
if (!process.features.typescript) await import("tsx");
