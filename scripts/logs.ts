import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { logsUsage } from "./lib/logs/usage.ts";

await runScript(logsUsage, async () => {
  const { logs } = await import("./stories/logs.ts");
  return logs;
});
