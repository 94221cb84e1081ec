import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { deployUsage } from "./lib/service/deploy/usage.ts";

await runScript(deployUsage, async (args) => {
  const { logIn } = await import("./lib/service/log-in.ts");
  const login = logIn(args.positionals[0]);
  const { deploy } = await import("./stories/deploy.ts");
  return () => deploy(args, login);
});
