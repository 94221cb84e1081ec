// Google's Node clients over REST: each call's outcome by its name, as JSON. Run where gcloud is led to the emulator.
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { URL } from "node:url";
import { ArtifactRegistryClient } from "@google-cloud/artifact-registry";
import { CloudBillingClient } from "@google-cloud/billing";
import { CloudBuildClient } from "@google-cloud/cloudbuild";
import { ProjectsClient } from "@google-cloud/resource-manager";
import { RevisionsClient, ServicesClient } from "@google-cloud/run";
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { ServiceUsageClient } from "@google-cloud/service-usage";
import { Storage } from "@google-cloud/storage";
import { OAuth2Client } from "google-auth-library";

const PROJECT = "demo-litellm";
const PARENT = `projects/${PROJECT}`;
const LOCATION = `${PARENT}/locations/us-central1`;
const MEMBER = "user:developer@example.com";

const authClient = new OAuth2Client();
authClient.setCredentials({
  access_token: execFileSync("gcloud", ["auth", "print-access-token"], {
    encoding: "utf8",
  }).trim(),
});
// They heed no proxy for plain http: they are sent to the port itself.
const { hostname, port } = new URL(process.env.HTTP_PROXY);
const connect = (Client) =>
  new Client({
    fallback: true,
    protocol: "http",
    apiEndpoint: hostname,
    port: Number(port),
    projectId: PROJECT,
    authClient,
  });

const outcomes = {};

/** What the call gave, or the status and words of its refusal. */
async function attempt(name, call) {
  try {
    outcomes[name] = (await call()) ?? null;
  } catch (error) {
    // google-gax leaves the body as it is where it makes nothing of it.
    const words = error.message.match(/"message":"([^"]*)"/)?.[1];
    outcomes[name] = `refused ${error.code} ${words ?? error.message}`;
  }
}

const last = ({ name }) => name.split("/").at(-1);

const finish = async ([operation]) => (await operation.promise())[0];

/** Adds a binding as a client does: reads the policy, sends it back with one more. */
async function grant(client, resource, role) {
  const [policy] = await client.getIamPolicy({ resource });
  policy.bindings.push({ role, members: [MEMBER] });
  await client.setIamPolicy({ resource, policy });
  const [after] = await client.getIamPolicy({ resource });
  return after.bindings
    .filter(({ members }) => members.includes(MEMBER))
    .map((binding) => binding.role);
}

async function tryServiceUsage() {
  const client = connect(ServiceUsageClient);
  const serviceIds = [
    ...["artifactregistry", "cloudbilling", "cloudbuild"],
    ...["cloudresourcemanager", "run", "secretmanager"],
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

async function tryResourceManager() {
  const client = connect(ProjectsClient);
  await attempt("resourcemanager.get", async () => {
    const [project] = await client.getProject({ name: PARENT });
    return project.projectId;
  });
  await attempt("resourcemanager.delete", async () =>
    finish(await client.deleteProject({ name: PARENT })),
  );
}

async function trySecretManager() {
  const client = connect(SecretManagerServiceClient);
  const name = `${PARENT}/secrets/n-1`;
  const secret = { replication: { automatic: {} } };
  const create = async (secretId) => {
    const request = { parent: PARENT, secretId, secret };
    return last((await client.createSecret(request))[0]);
  };
  for (const id of ["n-1", "n-2", "n-3"]) {
    await attempt(`secretmanager.create ${id}`, () => create(id));
  }
  await attempt("secretmanager.create again", () => create("n-1"));
  await attempt("secretmanager.list", async () => {
    const request = { parent: PARENT, filter: "name:n-" };
    return (await client.listSecrets(request))[0].map(last).sort();
  });
  await attempt("secretmanager.addVersion", async () => {
    const payload = { data: Buffer.from("one") };
    const request = { parent: name, payload };
    return last((await client.addSecretVersion(request))[0]);
  });
  await attempt("secretmanager.update", async () => {
    const secret = { name, labels: { team: "a" } };
    const updateMask = { paths: ["labels"] };
    return (await client.updateSecret({ secret, updateMask }))[0].labels;
  });
  await attempt("secretmanager.access", async () => {
    const version = `${name}/versions/latest`;
    const [{ payload }] = await client.accessSecretVersion({ name: version });
    return Buffer.from(payload.data).toString();
  });
  await attempt("secretmanager.policy", () =>
    grant(client, name, "roles/secretmanager.secretAccessor"),
  );
  const gone = { name: `${PARENT}/secrets/n-3` };
  await attempt("secretmanager.delete", async () => {
    await client.deleteSecret(gone);
  });
  await attempt("secretmanager.get deleted", () => client.getSecret(gone));
}

async function tryArtifactRegistry() {
  const client = connect(ArtifactRegistryClient);
  for (const repositoryId of ["n-1", "n-2"]) {
    await attempt(`artifactregistry.create ${repositoryId}`, async () => {
      const repository = { format: "DOCKER", description: "images" };
      const request = { parent: LOCATION, repositoryId, repository };
      return (await finish(await client.createRepository(request))).format;
    });
  }
  await attempt("artifactregistry.get", async () => {
    const name = `${LOCATION}/repositories/n-1`;
    return (await client.getRepository({ name }))[0].description;
  });
  await attempt("artifactregistry.delete", async () => {
    const name = `${LOCATION}/repositories/n-2`;
    await finish(await client.deleteRepository({ name }));
  });
}

async function tryCloudBuild() {
  const client = connect(CloudBuildClient);
  await attempt("cloudbuild.triggers", async () => {
    const request = { parent: LOCATION, projectId: PROJECT };
    return (await client.listBuildTriggers(request))[0].map(last);
  });
  await attempt("cloudbuild.workerPools", () =>
    client.listWorkerPools({ parent: LOCATION }),
  );
}

async function tryRun() {
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

async function tryStorage() {
  const client = new Storage({
    projectId: PROJECT,
    authClient,
    apiEndpoint: process.env.HTTP_PROXY,
    useAuthWithCustomEndpoint: true,
  });
  const bucket = client.bucket(`${PROJECT}-node`);
  await attempt("storage.create", async () => {
    await client.createBucket(bucket.name, { location: "us-central1" });
  });
  const file = bucket.file("a/one.txt");
  const fresh = {
    resumable: false,
    preconditionOpts: { ifGenerationMatch: 0 },
  };
  await attempt("storage.upload", () => file.save("one", fresh));
  await attempt("storage.upload again", () => file.save("two", fresh));
  await attempt("storage.download", async () =>
    (await file.download())[0].toString(),
  );
  await attempt("storage.move", async () => {
    await file.move(bucket.file("b.txt"));
  });
  await attempt("storage.list", async () =>
    (await bucket.getFiles())[0].map((one) => one.name),
  );
  await attempt("storage.delete", async () => {
    await bucket.deleteFiles();
    await bucket.delete();
  });
}

async function tryBilling() {
  const client = connect(CloudBillingClient);
  await attempt("billing.get", async () => {
    const [info] = await client.getProjectBillingInfo({ name: PARENT });
    return info.billingEnabled;
  });
}

await tryServiceUsage();
await tryResourceManager();
await trySecretManager();
await tryArtifactRegistry();
await tryCloudBuild();
await tryRun();
await tryStorage();
await tryBilling();
process.stdout.write(JSON.stringify(outcomes));
