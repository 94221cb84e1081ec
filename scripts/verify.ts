import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { verifyUsage } from "./lib/verify/usage.ts";

await runScript(verifyUsage, async () => {
  const { verify } = await import("./stories/verify.ts");
  return verify;
});
