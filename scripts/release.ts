import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { releaseUsage } from "./lib/release/usage.ts";

await runScript(releaseUsage, async () => {
  const { release } = await import("./stories/release.ts");
  return release;
});
