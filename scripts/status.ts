import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { statusUsage } from "./lib/status/usage.ts";

await runScript(statusUsage, async () => {
  const { status } = await import("./stories/status.ts");
  return status;
});
