import "./lib/cli/node-version.ts";
import { runScript } from "./lib/cli/run-script.ts";
import { doctorUsage } from "./lib/doctor/usage.ts";

await runScript(doctorUsage, async () => {
  const { doctor } = await import("./stories/doctor.ts");
  return doctor;
});
