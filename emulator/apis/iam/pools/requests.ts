import type { Context } from "hono";
import { GoogleError } from "../../../core/google-error.ts";
import {
  type Message,
  bool,
  list,
  map,
  message,
  outputOnly,
  readBody,
  string,
  uncovered,
} from "../../../core/message.ts";
import { requireKnownParameters } from "../../../core/query.ts";
import { requireExpressions } from "./expression.ts";
import type { Kept, Pool, Provider } from "./state.ts";

const KEPT = {
  name: outputOnly,
  displayName: string,
  description: string,
  disabled: bool,
  state: outputOnly,
  expireTime: outputOnly,
};

const POOL = message({
  ...KEPT,
  mode: uncovered,
  inlineCertificateIssuanceConfig: uncovered,
  inlineTrustConfig: uncovered,
});

const PROVIDER_FIELDS = {
  ...KEPT,
  attributeMapping: map(string),
  attributeCondition: string,
  oidc: message({
    issuerUri: string,
    allowedAudiences: list(string),
    jwksJson: uncovered,
  }),
  aws: uncovered,
  saml: uncovered,
  x509: uncovered,
};

const PROVIDER = message(PROVIDER_FIELDS);

type SentProvider = Message<typeof PROVIDER_FIELDS>;

/** 4 to 32 characters, and not what Google keeps for itself (discovery document of IAM v1). */
const ID = /^(?!gcp-)[a-z0-9-]{4,32}$/;

/** Throws INVALID_ARGUMENT. */
export async function readNewPool(c: Context): Promise<Pool> {
  requireKnownParameters(c, ["workloadIdentityPoolId"]);
  const id = requireId(c, "workloadIdentityPoolId");
  const sent = await readBody(c, POOL);
  return { ...toKept(id, sent), providers: new Map() };
}

export async function readNewProvider(c: Context): Promise<Provider> {
  requireKnownParameters(c, ["workloadIdentityPoolProviderId"]);
  const id = requireId(c, "workloadIdentityPoolProviderId");
  const sent = await readBody(c, PROVIDER);
  const provider = { ...toKept(id, sent), ...toOwn(sent) };
  requireProvider(provider);
  return provider;
}

/** The fields of the update mask. */
export async function readPoolPatch(c: Context): Promise<Partial<Pool>> {
  requireKnownParameters(c, ["updateMask"]);
  const sent = await readBody(c, POOL);
  return pick(toKept("", sent), readMask(c));
}

/** `current` as the patch leaves it. */
export async function readProviderPatch(
  c: Context,
  current: Provider,
): Promise<Provider> {
  requireKnownParameters(c, ["updateMask"]);
  const sent = await readBody(c, PROVIDER);
  const all = { ...toKept("", sent), ...toOwn(sent) };
  const patched = { ...current, ...pick(all, readMask(c)) };
  requireProvider(patched);
  return patched;
}

function requireId(c: Context, parameter: string): string {
  const id = c.req.query(parameter) ?? "";
  if (ID.test(id)) return id;
  throw new GoogleError("INVALID_ARGUMENT", `Invalid ${parameter}: "${id}".`);
}

function requireProvider(provider: Provider): void {
  if (!provider.issuerUri.startsWith("https://")) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "oidc.issuer_uri must be an HTTPS endpoint.",
    );
  }
  requireExpressions(provider);
}

function toKept(id: string, sent: SentProvider): Kept {
  const { displayName = "", description = "", disabled = false } = sent;
  return { id, displayName, description, disabled, expireTime: undefined };
}

function toOwn(sent: SentProvider): Omit<Provider, keyof Kept> {
  const { attributeMapping = {}, attributeCondition = "", oidc = {} } = sent;
  const { issuerUri = "", allowedAudiences = [] } = oidc;
  return { attributeMapping, attributeCondition, issuerUri, allowedAudiences };
}

/** As in `attributeCondition,oidc.issuerUri`. */
function readMask(c: Context): string[] {
  return (c.req.query("updateMask") ?? "")
    .split(",")
    .map((path) => path.replace(/^oidc\./, ""))
    .map((path) => path.replace(/_(\w)/g, (_all, a: string) => a.toUpperCase()))
    .filter((path) => path !== "");
}

function pick<T extends Kept>(all: T, fields: readonly string[]): Partial<T> {
  const editable = Object.keys(all).filter(
    (key) => key !== "id" && key !== "expireTime",
  );
  const wrong = fields.find((field) => !editable.includes(field));
  if (wrong !== undefined) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Update mask contains a field that cannot be updated: ${wrong}`,
    );
  }
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => fields.includes(key)),
  ) as Partial<T>;
}
