import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CLIENT_ID, newIdentityToken } from "../../emulator/core/identity.ts";
import {
  geminiOf,
  newGeminiApiKey,
  noFaults,
} from "../../emulator/apis/gemini/state.ts";
import { readLitellmConfig } from "../../scripts/lib/litellm-config/check-litellm-config.ts";
import { findModel } from "../../scripts/lib/litellm-config/model-map.ts";
import { SecretValue } from "../../scripts/lib/cli/secret-value.ts";
import { ASKED } from "../../scripts/lib/verify/protocol-checks.ts";
import { PROTOCOLS } from "../../scripts/lib/verify/protocol.ts";
import type {
  ServedModel,
  VerifyTarget,
} from "../../scripts/lib/verify/target.ts";
import { verifyProtocol } from "../../scripts/lib/verify/verify-gateway.ts";
import { MASTER_KEY } from "../support/litellm-double.ts";
import {
  ACCOUNT,
  type LitellmGround,
  OWNER,
  PROJECT_ID,
  grantVertexRole,
  revokeVertexRole,
  startLitellmGround,
} from "../support/litellm-instance.ts";
import {
  failuresOf,
  makeTarget,
  namesOf,
  verify,
} from "../scripts/verify/target.ts";

// The real LiteLLM, with the project's own configs, on the emulated Gemini.

const VERTEX = readFileSync("config/litellm.vertex.yaml", "utf8");
const APIKEY = readFileSync("config/litellm.apikey.yaml", "utf8");

/** A second deployment behind one name, where that model does not live; and LiteLLM's usual cooldowns. */
const TWO_DEPLOYMENTS = VERTEX.replace(
  "model_list:\n",
  `model_list:
  - model_name: gemini-3.8-flash
    litellm_params:
      model: vertex_ai/gemini-3.8-flash
      vertex_location: europe-west4
`,
).replace("disable_cooldowns: true", "disable_cooldowns: false");

let ground: LitellmGround;
let vertexUrl: string;
let apikeyUrl: string;
let geminiKey: string;
let onLog: (line: string) => void = () => undefined;

beforeAll(async () => {
  ground = await startLitellmGround((line) => {
    onLog(line);
  });
  geminiKey = newGeminiApiKey(geminiOf(ground.cloud));
  const [vertex, apikey] = await Promise.all([
    ground.start({
      config: TWO_DEPLOYMENTS,
      masterKey: MASTER_KEY,
      mayInvoke: (caller) => caller === OWNER,
    }),
    ground.start({ config: APIKEY, masterKey: MASTER_KEY, geminiKey }),
  ]);
  vertexUrl = vertex.url;
  apikeyUrl = apikey.url;
});
afterEach(() => {
  onLog = () => undefined;
  geminiOf(ground.cloud).faults = noFaults();
  geminiOf(ground.cloud).apiKeys.add(geminiKey);
  ground.cloud.project(PROJECT_ID).enabledApis.add("aiplatform.googleapis.com");
  grantVertexRole(ground.cloud);
});
afterAll(() => ground.close());

function modelsOf(config: string): readonly ServedModel[] {
  const models = readLitellmConfig(config)?.models;
  if (models === undefined) throw new Error("the config cannot be read");
  return models;
}

function vertexTarget(changes: Partial<VerifyTarget> = {}): VerifyTarget {
  const token = newIdentityToken(ground.cloud, OWNER, CLIENT_ID);
  return makeTarget(vertexUrl, {
    projectId: PROJECT_ID,
    serviceAccount: ACCOUNT,
    access: "iam",
    identityToken: new SecretValue(token),
    models: modelsOf(TWO_DEPLOYMENTS),
    ...changes,
  });
}

function apikeyTarget(): VerifyTarget {
  return makeTarget(apikeyUrl, { mode: "apikey", models: modelsOf(APIKEY) });
}

test.each(["vertex", "apikey"])(
  "the shipped config for MODE=%s leaves out what OpenAI's clients send and Gemini refuses, or bills otherwise",
  async (mode) => {
    const token = newIdentityToken(ground.cloud, OWNER, CLIENT_ID);
    const url = mode === "vertex" ? vertexUrl : apikeyUrl;
    for (const service_tier of ["auto", "default", "flex"]) {
      const response = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${MASTER_KEY}`,
          "x-serverless-authorization": `Bearer ${token}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({
          model: "gemini-3.5-flash",
          messages: [{ role: "user", content: "x" }],
          service_tier,
          frequency_penalty: 0.5,
        }),
      });
      expect(await response.text()).toContain("This is gemini-3.5-flash");
    }
  },
);

test.each([
  ["apikey", "gemini/*", /^0 names, and [1-9]\d+ by a pattern$/],
  ["vertex", "vertex_ai/*", /^0 names, and [1-9]\d+ by a pattern$/],
  // LiteLLM lists nothing of it.
  ["vertex", "*", /^0 names, and 0 by a pattern$/],
] as const)(
  "what LiteLLM lists in MODE=%s for %s is what the config serves",
  async (mode, pattern, detail) => {
    const config = `model_list:
  - model_name: "${pattern}"
    litellm_params: {model: "${pattern}", vertex_project: os.environ/PROJECT_ID, vertex_location: global}
general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}
`;
    const { url, instance } = await ground.start({
      config,
      masterKey: MASTER_KEY,
      geminiKey,
    });
    const models = modelsOf(config);
    const report = await verify(makeTarget(url, { mode, models }));
    expect(failuresOf(report)).toEqual([]);
    const listed = report.results.find(({ check }) => check === "models");
    expect(listed?.detail).toMatch(detail);
    expect(listed?.hint).toContain(`No model of ${pattern} was asked.`);
    await instance.stop();
  },
);

describe("the real LiteLLM with the config for a Gemini key", () => {
  test("passes every check, whole and streamed, in UTF-8", async () => {
    const report = await verify(apikeyTarget());
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, skipped: 0 });
    expect(report.litellmVersion).toMatch(/^1\.\d+\.\d+$/);
    for (const { check, detail } of report.results) {
      if (check === "chat" || check === "stream") {
        expect(detail).toContain("repeated UTF-8 text");
      }
    }
  });

  test("answers a client of each protocol, and says what it cost", async () => {
    const models = modelsOf(APIKEY).filter(
      (m) => m.name === "gemini-3.5-flash",
    );
    const target = makeTarget(apikeyUrl, { mode: "apikey", models });
    for (const protocol of PROTOCOLS) {
      const names = ["gemini-3.5-flash"];
      const report = await verifyProtocol(target, protocol, names);
      expect(failuresOf(report)).toEqual([]);
      expect(report.results.length).toBe(
        1 + Object.keys(ASKED[protocol]).length,
      );
      expect(report.tokens.input).toBeGreaterThan(0);
      expect(report.tokens.output).toBeGreaterThan(0);
      expect(report.cost.dollars).toBeGreaterThan(0);
      // LiteLLM prices no stream of these two.
      const silent = protocol === "messages" || protocol === "gemini" ? 1 : 0;
      expect(report.cost.calls).toBe(report.modelCalls - silent);
    }
  });

  test("tells the price that LiteLLM's map has for each token", async () => {
    const models = modelsOf(APIKEY).filter(
      (m) => m.name === "gemini-3.5-flash",
    );
    const target = makeTarget(apikeyUrl, { mode: "apikey", models });
    const { tokens, cost, modelCalls } = await verify(target);
    const price = findModel("gemini/gemini-3.5-flash");
    expect(cost.calls).toBe(modelCalls);
    expect(cost.dollars * 1e6).toBeCloseTo(
      tokens.input * (price?.inputPrice ?? 0) +
        tokens.output * (price?.outputPrice ?? 0),
    );
  });

  test("says in each protocol that the model's key is refused", async () => {
    geminiOf(ground.cloud).apiKeys.delete(geminiKey);
    for (const protocol of PROTOCOLS) {
      const names = ["gemini-3.5-flash"];
      const report = await verifyProtocol(apikeyTarget(), protocol, names, {
        settleSeconds: 0,
        firstRetryMilliseconds: 1,
      });
      for (const { check, detail, hint } of failuresOf(report)) {
        expect(`${check}: ${detail}`).toContain("API key not valid");
        expect(hint).toContain(
          "gcloud secrets versions add litellm-gemini-key",
        );
      }
      expect(failuresOf(report).length).toBeGreaterThan(1);
    }
  });

  test("fails with an invalid key, and names the command that stores one", async () => {
    geminiOf(ground.cloud).apiKeys.delete(geminiKey);
    const report = await verify(apikeyTarget());
    const models = failuresOf(report);
    expect(models.length).toBeGreaterThan(5);
    for (const { check, detail, hint } of models) {
      expect(["chat", "embeddings"]).toContain(check);
      expect(detail).toContain("API key not valid");
      expect(hint).toContain("gcloud secrets versions add litellm-gemini-key");
    }
    expect(JSON.stringify(report)).not.toContain(geminiKey);
  });
});

describe("the real LiteLLM with the config for Vertex AI, for callers with an identity", () => {
  test("passes every check but that of the deployment whose location lacks the model", async () => {
    const report = await verify(vertexTarget());
    const failures = failuresOf(report);
    expect(namesOf(failures)).toEqual(["chat gemini-3.8-flash [1/2]"]);
    expect(failures[0]?.detail).toMatch(/404 NOT_FOUND/);
    expect(failures[0]?.hint).toContain("in location europe-west4");
    expect(failures[0]?.hint).toContain("MODEL_REGION=eu");
    const names = namesOf(report.results.filter(({ ok }) => ok));
    expect(names).toContain("refuses-no-identity");
    expect(names).toContain("chat gemini-3.8-flash [2/2]");
    expect(names).toContain("chat gemini-3-pro");
    expect(names).toContain("embeddings gemini-embedding-2");
  });

  test("fails without the role, and names it", async () => {
    revokeVertexRole(ground.cloud);
    const report = await verify(vertexTarget());
    for (const { detail, hint } of failuresOf(report)) {
      expect(detail).toContain("403 PERMISSION_DENIED");
      expect(hint).toContain(`--member=serviceAccount:${ACCOUNT}`);
      expect(hint).toContain("--role=roles/aiplatform.user");
    }
    expect(namesOf(failuresOf(report))).toContain("chat gemini-4-argon");
  });

  test("passes once a role that is new has spread", async () => {
    revokeVertexRole(ground.cloud);
    const models = modelsOf(VERTEX).filter((m) => m.name === "gemini-4-argon");
    onLog = (line) => {
      if (/^gemini .* 403 /.test(line)) grantVertexRole(ground.cloud);
    };
    const report = await verify(vertexTarget({ models }), {
      settleSeconds: 30,
    });
    const chat = report.results.find(({ check }) => check === "chat");
    expect(chat).toMatchObject({ subject: "gemini-4-argon", ok: true });
    expect(chat?.retries).toBe(1);
  });

  test("fails without the API, and names the command that enables it", async () => {
    ground.cloud
      .project(PROJECT_ID)
      .enabledApis.delete("aiplatform.googleapis.com");
    const report = await verify(vertexTarget());
    expect(failuresOf(report)[0]?.hint).toContain(
      `gcloud services enable aiplatform.googleapis.com --project=${PROJECT_ID}`,
    );
  });

  test("passes after a burst of 429 that lasts longer than some tries", async () => {
    const models = modelsOf(VERTEX).filter((m) => m.name === "gemini-4-argon");
    geminiOf(ground.cloud).faults = { ...noFaults(), status: 429, count: 6 };
    const report = await verify(vertexTarget({ models }), {
      settleSeconds: 30,
      firstRetryMilliseconds: 50,
    });
    expect(geminiOf(ground.cloud).faults.count).toBe(0);
    const chat = report.results.find(({ check }) => check === "chat");
    expect(chat).toMatchObject({ subject: "gemini-4-argon", ok: true });
    expect(chat?.retries).toBeGreaterThan(2);
  });

  test("does not hide a model without capacity behind its fallbacks", async () => {
    geminiOf(ground.cloud).faults = {
      ...noFaults(),
      status: 429,
      models: ["gemini-4-argon"],
    };
    const report = await verify(vertexTarget());
    const failure = failuresOf(report).find(
      ({ subject }) => subject === "gemini-4-argon",
    );
    expect(failure?.detail).toContain("429 RESOURCE_EXHAUSTED");
    expect(failure?.hint).toContain("busy or over quota");
  });

  test("refuses a caller without an identity before LiteLLM sees it", async () => {
    const report = await verify(vertexTarget({ identityToken: undefined }));
    expect(report.stopped).toBe("LiteLLM does not answer");
    expect(failuresOf(report)[0]?.hint).toContain("roles/run.invoker");
  });

  test("refuses another key than its own", async () => {
    const masterKey = new SecretValue(`sk-${"0f".repeat(32)}`);
    const report = await verify(vertexTarget({ masterKey }));
    expect(report.stopped).toBe("the key is refused");
    expect(failuresOf(report)[0]?.hint).toContain("secret litellm-master-key");
  });
});
