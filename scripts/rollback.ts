import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { rollbackUsage } from "./lib/service/rollback/usage.ts";

await runScript(rollbackUsage, async (args) => {
  const { logIn } = await import("./lib/service/log-in.ts");
  const login = logIn(args.positionals[0]);
  const { rollback } = await import("./stories/rollback.ts");
  return () => rollback(args, login);
});
