import { Buffer } from "node:buffer";
import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { PARENT, attempt, connect, grant, last } from "./calls.js";

export async function trySecretManager() {
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
