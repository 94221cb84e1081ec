import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { initUsage } from "./lib/settings/new-env.ts";

await runScript(initUsage, async () => {
  const { init } = await import("./stories/init.ts");
  return init;
});
