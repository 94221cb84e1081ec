import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { validateUsage } from "./lib/litellm-config/usage.ts";

await runScript(validateUsage, async () => {
  const { validate } = await import("./stories/validate.ts");
  return validate;
});
