import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { setupUsage } from "./lib/pipeline/usage.ts";

await runScript(setupUsage, async () => {
  const { setup } = await import("./stories/setup.ts");
  return setup;
});
