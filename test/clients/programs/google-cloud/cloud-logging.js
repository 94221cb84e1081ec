import { v2 } from "@google-cloud/logging";
import { PARENT, attempt, connect, last } from "./calls.js";

export async function tryCloudLogging() {
  const client = connect(v2.LoggingServiceV2Client);
  await attempt("logging.list", async () => {
    const request = { resourceNames: [PARENT] };
    return Array.isArray((await client.listLogEntries(request))[0]);
  });
  await attempt("logging.write", async () => {
    const entries = [{ logName: `${PARENT}/logs/l`, textPayload: "hello" }];
    await client.writeLogEntries({ entries });
  });
  await attempt("logging.sinks", async () => {
    const config = connect(v2.ConfigServiceV2Client);
    return (await config.listSinks({ parent: PARENT }))[0].map(last);
  });
}
