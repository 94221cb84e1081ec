import { CloudBuildClient } from "@google-cloud/cloudbuild";
import { LOCATION, PROJECT, attempt, connect, last } from "./calls.js";

export async function tryCloudBuild() {
  const client = connect(CloudBuildClient);
  await attempt("cloudbuild.triggers", async () => {
    const request = { parent: LOCATION, projectId: PROJECT };
    return (await client.listBuildTriggers(request))[0].map(last);
  });
  await attempt("cloudbuild.workerPools", () =>
    client.listWorkerPools({ parent: LOCATION }),
  );
}
