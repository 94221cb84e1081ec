import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { keysUsage } from "./lib/service/client-keys/usage.ts";

await runScript(keysUsage, async () => {
  const { keys } = await import("./stories/keys.ts");
  return keys;
});
