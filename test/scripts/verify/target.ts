import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import { mapKeys } from "../../../scripts/lib/settings/keys.ts";
import type { VerifyOptions } from "../../../scripts/lib/verify/options.ts";
import type {
  CheckResult,
  ServedModel,
  VerifyReport,
  VerifyTarget,
} from "../../../scripts/lib/verify/target.ts";
import { verifyGateway } from "../../../scripts/lib/verify/verify-gateway.ts";
import { MASTER_KEY } from "../../support/litellm-double.ts";

/** The config of litellm-double.ts. */
export const MODELS: readonly ServedModel[] = [
  {
    name: "argon",
    kind: "chat",
    deployments: [{ model: "vertex_ai/gemini-4-argon" }],
  },
  {
    name: "flash",
    kind: "chat",
    deployments: [
      { model: "vertex_ai/gemini-3.8-flash" },
      { model: "vertex_ai/gemini-3.8-flash", location: "europe-west4" },
    ],
  },
  {
    name: "vectors",
    kind: "embedding",
    deployments: [{ model: "vertex_ai/gemini-embedding-2" }],
  },
  { name: "old", kind: "chat", aliasOf: "argon", deployments: [] },
  {
    name: "secret",
    kind: "chat",
    aliasOf: "argon",
    hidden: true,
    deployments: [],
  },
];

export function makeTarget(
  baseUrl: string,
  changes: Partial<VerifyTarget> = {},
): VerifyTarget {
  return {
    env: "dev",
    mode: "vertex",
    access: "public",
    ingress: "all",
    projectId: "my-project",
    region: "us-central1",
    modelRegion: "global",
    service: "litellm-proxy",
    serviceAccount: "litellmsa@my-project.iam.gserviceaccount.com",
    keySecrets: mapKeys((key) => key.secret),
    baseUrl,
    masterKey: new SecretValue(MASTER_KEY),
    identityToken: undefined,
    fetch,
    models: MODELS,
    redis: [],
    ...changes,
  };
}

/** Without waiting for anything to settle, and with short pauses. */
export function verify(
  target: VerifyTarget,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  return verifyGateway(target, {
    settleSeconds: 0,
    firstRetryMilliseconds: 1,
    ...options,
  });
}

export function failuresOf(report: VerifyReport): CheckResult[] {
  return report.results.filter((result) => !result.ok && !result.skipped);
}

/** `check subject` of each. */
export function namesOf(results: readonly CheckResult[]): string[] {
  return results.map(({ check, subject }) =>
    subject === undefined ? check : `${check} ${subject}`,
  );
}
