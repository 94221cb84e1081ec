import { IAMCredentialsClient } from "@google-cloud/iam-credentials";
import { iam } from "@googleapis/iam";
import {
  EMULATOR,
  MEMBER,
  PARENT,
  PROJECT,
  attempt,
  connect,
  logIn,
} from "./calls.js";

const ACCOUNT = `node-reader@${PROJECT}.iam.gserviceaccount.com`;

/** Accounts: Google's own client has none over REST, so the one that is made of the discovery document. */
export async function tryIam() {
  const client = iam({ version: "v1", auth: logIn(), rootUrl: `${EMULATOR}/` });
  const accounts = client.projects.serviceAccounts;
  const name = `${PARENT}/serviceAccounts/${ACCOUNT}`;
  await attempt("iam.create", async () => {
    const serviceAccount = { displayName: "Node" };
    const requestBody = { accountId: "node-reader", serviceAccount };
    return (await accounts.create({ name: PARENT, requestBody })).data.email;
  });
  await attempt(
    "iam.get",
    async () => (await accounts.get({ name })).data.displayName,
  );
  await attempt("iam.list", async () => {
    const { data } = await accounts.list({ name: PARENT });
    return data.accounts.some(({ email }) => email === ACCOUNT);
  });
  await attempt("iam.patch", async () => {
    const serviceAccount = { displayName: "Other" };
    const requestBody = { serviceAccount, updateMask: "displayName" };
    return (await accounts.patch({ name, requestBody })).data.displayName;
  });
  await attempt("iam.policy", async () => {
    const { data } = await accounts.getIamPolicy({ resource: name });
    const role = "roles/iam.serviceAccountUser";
    const bindings = [{ role, members: [MEMBER] }];
    const requestBody = { policy: { ...data, bindings } };
    const set = await accounts.setIamPolicy({ resource: name, requestBody });
    return set.data.bindings.map((binding) => binding.role);
  });
  await attempt(
    "iam.keys",
    async () => (await accounts.keys.list({ name })).data,
  );
  await attempt("iamcredentials.generateAccessToken", async () => {
    const credentials = connect(IAMCredentialsClient);
    const [{ accessToken }] = await credentials.generateAccessToken({
      name: `projects/-/serviceAccounts/${ACCOUNT}`,
      scope: ["https://www.googleapis.com/auth/cloud-platform"],
    });
    return accessToken !== "";
  });
  await attempt(
    "iam.delete",
    async () => (await accounts.delete({ name })).data,
  );
}
