// How a client is led to the emulator, and what became of its calls.
import { execFileSync } from "node:child_process";
import process from "node:process";
import { URL } from "node:url";
import { OAuth2Client } from "google-auth-library";

export const PROJECT = "demo-litellm";
export const PARENT = `projects/${PROJECT}`;
export const LOCATION = `${PARENT}/locations/us-central1`;
export const MEMBER = "user:developer@example.com";
/** Of the emulator's own port: the clients heed no proxy for plain http. */
export const EMULATOR = process.env.HTTP_PROXY;

const token = execFileSync("gcloud", ["auth", "print-access-token"], {
  encoding: "utf8",
}).trim();

/** Of a client's own google-auth-library, where it has another one than the rest. */
export function logIn(Login = OAuth2Client) {
  const login = new Login();
  login.setCredentials({ access_token: token });
  return login;
}

export function connect(Client, authClient = logIn()) {
  const { hostname, port } = new URL(EMULATOR);
  return new Client({
    fallback: true,
    protocol: "http",
    apiEndpoint: hostname,
    port: Number(port),
    projectId: PROJECT,
    authClient,
  });
}

export const outcomes = {};

/** What the call gave, or the status and words of its refusal. */
export async function attempt(name, call) {
  try {
    outcomes[name] = (await call()) ?? null;
  } catch (error) {
    // google-gax leaves the body as it is where it makes nothing of it.
    const words = error.message.match(/"message":"([^"]*)"/)?.[1];
    outcomes[name] = `refused ${error.code} ${words ?? error.message}`;
  }
}

export const last = ({ name }) => name.split("/").at(-1);

export const finish = async ([operation]) => (await operation.promise())[0];

/** Adds a binding as a client does: reads the policy, sends it back with one more. */
export async function grant(client, resource, role) {
  const [policy] = await client.getIamPolicy({ resource });
  policy.bindings.push({ role, members: [MEMBER] });
  await client.setIamPolicy({ resource, policy });
  const [after] = await client.getIamPolicy({ resource });
  return after.bindings
    .filter(({ members }) => members.includes(MEMBER))
    .map((binding) => binding.role);
}
