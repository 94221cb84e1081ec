import { ServiceUsageClient } from "@google-cloud/service-usage";
import { PARENT, attempt, connect, finish } from "./calls.js";

export async function tryServiceUsage() {
  const client = connect(ServiceUsageClient);
  const serviceIds = [
    ...["artifactregistry", "cloudbilling", "cloudbuild"],
    ...["clouddeploy", "cloudresourcemanager", "iam", "iamcredentials"],
    ...["logging", "run", "secretmanager"],
  ].map((name) => `${name}.googleapis.com`);
  await attempt("serviceusage.batchEnable", async () => {
    const request = { parent: PARENT, serviceIds };
    const { services } = await finish(
      await client.batchEnableServices(request),
    );
    return services.length;
  });
  await attempt("serviceusage.list", async () => {
    const request = { parent: PARENT, filter: "state:ENABLED" };
    const [found] = await client.listServices(request);
    const names = found.map(({ config }) => config.name);
    return serviceIds.every((id) => names.includes(id));
  });
}
