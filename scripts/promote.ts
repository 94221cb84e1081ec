import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { promoteUsage } from "./lib/release/promote/usage.ts";

await runScript(promoteUsage, async () => {
  const { promote } = await import("./stories/promote.ts");
  return promote;
});
