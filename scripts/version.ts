import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { versionUsage } from "./lib/advisories/usage.ts";

await runScript(versionUsage, async () => {
  const { version } = await import("./stories/version.ts");
  return version;
});
