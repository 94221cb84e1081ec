import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { cleanUsage } from "./lib/service/clean/usage.ts";

await runScript(cleanUsage, async () => {
  const { clean } = await import("./stories/clean.ts");
  return clean;
});
