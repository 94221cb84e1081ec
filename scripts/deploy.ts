import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { deployUsage } from "./lib/service/deploy/usage.ts";

await runScript(deployUsage, async () => {
  const { deploy } = await import("./stories/deploy.ts");
  return deploy;
});
