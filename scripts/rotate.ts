import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { rotateUsage } from "./lib/service/rotate/usage.ts";

await runScript(rotateUsage, async () => {
  const { rotate } = await import("./stories/rotate.ts");
  return rotate;
});
