import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { loadUsage } from "./lib/load/usage.ts";

await runScript(loadUsage, async () => {
  const { load } = await import("./stories/load.ts");
  return load;
});
