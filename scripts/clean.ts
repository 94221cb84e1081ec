import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { cleanUsage } from "./lib/service/clean/usage.ts";

await runScript(cleanUsage, async (args) => {
  const { logIn } = await import("./lib/service/log-in.ts");
  const login = logIn(args.positionals[0]);
  const { clean } = await import("./stories/clean.ts");
  return () => clean(args, login);
});
