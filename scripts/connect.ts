import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { connectUsage } from "./lib/connect/usage.ts";

await runScript(connectUsage, async () => {
  const { connect } = await import("./stories/connect.ts");
  return connect;
});
