import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { rollbackUsage } from "./lib/service/rollback/usage.ts";

await runScript(rollbackUsage, async () => {
  const { rollback } = await import("./stories/rollback.ts");
  return rollback;
});
