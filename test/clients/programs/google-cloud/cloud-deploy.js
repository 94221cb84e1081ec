import { createRequire } from "node:module";
import { CloudDeployClient } from "@google-cloud/deploy";
import {
  LOCATION,
  attempt,
  connect,
  finish,
  grant,
  last,
  logIn,
} from "./calls.js";

// It builds on an older google-gax than the others, which takes a login of its own google-auth-library.
const require = createRequire(import.meta.resolve("@google-cloud/deploy"));
const { OAuth2Client } = require("google-auth-library");

export async function tryCloudDeploy() {
  const client = connect(CloudDeployClient, logIn(OAuth2Client));
  // Its REST cannot send executionConfigs.
  const target = { run: { location: LOCATION } };
  await attempt("deploy.create target", async () => {
    const request = { parent: LOCATION, targetId: "n-dev", target };
    return last(await finish(await client.createTarget(request)));
  });
  await attempt("deploy.create pipeline", async () => {
    const deliveryPipeline = {
      serialPipeline: { stages: [{ targetId: "n-dev" }] },
    };
    const request = {
      parent: LOCATION,
      deliveryPipelineId: "n",
      deliveryPipeline,
    };
    return last(await finish(await client.createDeliveryPipeline(request)));
  });
  const name = `${LOCATION}/deliveryPipelines/n`;
  const dev = `${LOCATION}/targets/n-dev`;
  await attempt(
    "deploy.get",
    async () => (await client.getTarget({ name: dev }))[0].run.location,
  );
  await attempt("deploy.list", async () =>
    (await client.listDeliveryPipelines({ parent: LOCATION }))[0].map(last),
  );
  await attempt("deploy.update", async () => {
    const changed = { name: dev, description: "d", ...target };
    const updateMask = { paths: ["description"] };
    const request = { target: changed, updateMask };
    return (await finish(await client.updateTarget(request))).description;
  });
  await attempt(
    "deploy.releases",
    async () => (await client.listReleases({ parent: name }))[0],
  );
  await attempt("deploy.policy", () =>
    grant(client, name, "roles/clouddeploy.viewer"),
  );
  await attempt("deploy.delete", async () => {
    await finish(await client.deleteDeliveryPipeline({ name }));
  });
}
