import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EmulatorOptions } from "../../emulator/emulator.ts";

export const ISSUER = "https://token.actions.githubusercontent.com";

/** What a token of GitHub says of a push to main of team/gateway, as far as it matters here. */
const PUSH = {
  iss: ISSUER,
  sub: "repo:team/gateway:ref:refs/heads/main",
  repository: "team/gateway",
  repository_owner_id: "11",
  repository_id: "22",
  ref: "refs/heads/main",
  event_name: "push",
};

/** A stand-in for GitHub: it signs tokens, and the emulator knows its key. */
export interface Github {
  issuers: NonNullable<EmulatorOptions["issuers"]>;
  /** Of a push to main of team/gateway, but for `claims`. */
  sign(audience: string, claims?: Record<string, unknown>): string;
  /** The credentials file that google-github-actions/auth leaves behind, with a `service_account` or without, for gcloud, whose own folder is `FILE.gcloud`. */
  writeCredentials(login: {
    url: string;
    provider: string;
    serviceAccount?: string;
    claims?: Record<string, unknown>;
  }): Promise<string>;
  remove(): Promise<void>;
}

export async function startGithub(): Promise<Github> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
  });
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-github-"));
  let logins = 0;
  const sign: Github["sign"] = (audience, claims = {}) => {
    const exp = Math.floor(Date.now() / 1000) + 300;
    const parts = [
      { alg: "RS256", typ: "JWT", kid: "test" },
      { ...PUSH, aud: audience, exp, ...claims },
    ];
    const signed = parts
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    const signature = createSign("RSA-SHA256").update(signed);
    return `${signed}.${signature.sign(privateKey, "base64url")}`;
  };
  return {
    issuers: { [ISSUER]: publicKey },
    sign,
    async writeCredentials({ url, provider, serviceAccount, claims }) {
      logins += 1;
      const token = path.join(directory, `token-${String(logins)}`);
      const file = path.join(directory, `credentials-${String(logins)}.json`);
      const audience = `//iam.googleapis.com/${provider}`;
      await writeFile(token, sign(`https:${audience}`, claims));
      const credentials = {
        type: "external_account",
        audience,
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: `${url}/v1/token`,
        ...(serviceAccount !== undefined && {
          service_account_impersonation_url: `${url}/v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`,
        }),
        credential_source: { file: token },
      };
      await writeFile(file, JSON.stringify(credentials));
      await mkdir(`${file}.gcloud`);
      return file;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
