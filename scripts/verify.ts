import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { verifyUsage } from "./lib/verify/usage.ts";

await runScript(verifyUsage, async (args) => {
  const { logIn } = await import("./lib/service/log-in.ts");
  const login = logIn(args.positionals[0]);
  const { verify } = await import("./stories/verify.ts");
  return () => verify(args, login);
});
