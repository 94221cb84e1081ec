import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { upgradeUsage } from "./lib/upgrade/usage.ts";

await runScript(upgradeUsage, async () => {
  const { upgrade } = await import("./stories/upgrade.ts");
  return upgrade;
});
