import { RevisionsClient, ServicesClient } from "@google-cloud/run";
import { LOCATION, attempt, connect, last } from "./calls.js";

export async function tryCloudRun() {
  const client = connect(ServicesClient);
  const name = `${LOCATION}/services/hello`;
  await attempt("run.get", async () => {
    const [{ ingress, traffic }] = await client.getService({ name });
    return { ingress, traffic: traffic.map(({ type }) => type) };
  });
  await attempt("run.list", async () =>
    (await client.listServices({ parent: LOCATION }))[0].map(last),
  );
  await attempt("run.revisions", async () => {
    const revisions = connect(RevisionsClient);
    return (await revisions.listRevisions({ parent: name }))[0].length;
  });
  await attempt("run.delete", () => client.deleteService({ name }));
}
