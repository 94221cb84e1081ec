import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { planUsage } from "./lib/service/changes/usage.ts";

await runScript(planUsage, async () => {
  const { plan } = await import("./stories/plan.ts");
  return plan;
});
