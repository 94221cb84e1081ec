import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
  vi,
} from "vitest";
import { createFetch } from "../../../scripts/lib/google/fetch.ts";
import { startBreakingProxy } from "../../support/breaking-proxy.ts";
import {
  type LitellmDouble,
  sendCompletion,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { startServer } from "../../support/servers.ts";
import { MODELS, failuresOf, makeTarget, namesOf, verify } from "./target.ts";

let gateway: LitellmDouble;

beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
});
afterAll(() => gateway.close());

const PERMISSION =
  "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/p'";

describe("nobody there", () => {
  test("is told apart: nothing listens", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const report = await verify(makeTarget(gone.url));
    expect(report).toMatchObject({ ok: false, failed: 1, passed: 0 });
    expect(failuresOf(report)[0]).toMatchObject({
      check: "liveness",
      detail: "no answer: ECONNREFUSED",
    });
    expect(failuresOf(report)[0]?.hint).toContain(
      "gcloud run services describe litellm-proxy --region=us-central1 --project=my-project",
    );
  });

  test("is told apart: no such host", async () => {
    const report = await verify(makeTarget("http://no-such-host.invalid"));
    expect(failuresOf(report)[0]?.detail).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(failuresOf(report)[0]?.hint).toContain("no-such-host.invalid");
  });

  test("is told apart: no answer in time", async () => {
    const silent = await startServer(() => undefined);
    const report = await verify(makeTarget(silent.url), {
      callTimeoutSeconds: 0.1,
    });
    await silent.close();
    expect(failuresOf(report)[0]).toMatchObject({
      check: "liveness",
      detail: "no complete answer within 0.1 s",
    });
    expect(report.stopped).toBe("LiteLLM does not answer");
  });
});

describe("every request", () => {
  test("takes the way to Google that gcloud takes", async () => {
    const proxy = await startBreakingProxy(gateway.url);
    vi.stubEnv("HTTP_PROXY", proxy.url);
    vi.stubEnv("NO_PROXY", "");
    try {
      const service = "http://litellm.invalid";
      const route = createFetch({ properties: {} });
      const report = await verify(makeTarget(service, { fetch: route }));
      expect(failuresOf(report)).toEqual([]);
      const paths = proxy.seen.map((line) => line.replace(service, ""));
      expect(new Set(paths)).toEqual(
        new Set([
          ...["GET /health/liveliness", "GET /health/readiness"],
          ...["GET /models", "GET /v1/model/info"],
          ...["GET /v1/models", "POST /v1/chat/completions"],
          ...["POST /chat/completions", "POST /v1/embeddings"],
          "POST /embeddings",
        ]),
      );
    } finally {
      vi.unstubAllEnvs();
      await proxy.close();
    }
  });
});

describe("what may pass by itself", () => {
  test("is tried again while it settles, and that is told", async () => {
    let refusals = 3;
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon" || refusals === 0) return false;
      refusals -= 1;
      sendError(response, 403, "permission_error", PERMISSION);
      return true;
    });
    const report = await verify(makeTarget(gateway.url), { settleSeconds: 30 });
    expect(report.ok).toBe(true);
    const result = report.results.find(({ subject }) => subject === "argon");
    expect(result).toMatchObject({ check: "chat", ok: true, retries: 3 });
  });

  test("is not tried again when nothing is new", async () => {
    let calls = 0;
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon") return false;
      calls += 1;
      sendError(response, 403, "permission_error", PERMISSION);
      return true;
    });
    const report = await verify(makeTarget(gateway.url), { settleSeconds: 0 });
    expect(namesOf(failuresOf(report))).toEqual(["chat argon"]);
    expect(calls).toBe(1);
  });

  test("is tried at most twice more when Google or LiteLLM is short of breath", async () => {
    let calls = 0;
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon") return false;
      calls += 1;
      sendError(response, 429, "rate_limit_error", "RESOURCE_EXHAUSTED");
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(failuresOf(report)[0]).toMatchObject({ retries: 2 });
    expect(calls).toBe(3);
  });

  test("goes on through a burst of 429 while a change may settle", async () => {
    let calls = 0;
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon" || calls >= 5) return false;
      calls += 1;
      sendError(response, 429, "rate_limit_error", "RESOURCE_EXHAUSTED");
      return true;
    });
    const report = await verify(makeTarget(gateway.url), { settleSeconds: 30 });
    expect(failuresOf(report)).toEqual([]);
    const result = report.results.find(({ subject }) => subject === "argon");
    expect(result).toMatchObject({ ok: true, retries: 5 });
  });

  test.each([
    [
      "a role in a project that is not the env's",
      "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/other-project/locations/global/publishers/google/models/m'",
      "vertex_ai/gemini-4-argon",
    ],
    [
      "another provider's refusal",
      "litellm.PermissionDeniedError: OpenAIException",
      "openai/gpt-5.5",
    ],
  ])("does not include %s", async (_what, message, model) => {
    let calls = 0;
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon") return false;
      calls += 1;
      sendError(response, 403, "permission_error", message);
      return true;
    });
    const models = MODELS.map((one) =>
      one.name === "argon" ? { ...one, deployments: [{ model }] } : one,
    );
    const target = makeTarget(gateway.url, { models });
    const report = await verify(target, { settleSeconds: 30 });
    expect(namesOf(failuresOf(report))).toContain("chat argon");
    expect(calls).toBe(1);
  });

  test("does not include what will not: an unknown model, a bad key", async () => {
    let calls = 0;
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon") return false;
      calls += 1;
      sendError(response, 400, "x", "API key not valid. API_KEY_INVALID");
      return true;
    });
    await verify(makeTarget(gateway.url), { settleSeconds: 30 });
    expect(calls).toBe(1);
  });
});

describe("a verification", () => {
  test("ends at its deadline, whatever the gateway does", async () => {
    gateway.intrude((request) => request.model?.startsWith("id-") === true);
    const report = await verify(makeTarget(gateway.url), {
      timeoutSeconds: 2,
    });
    expect(report.ok).toBe(false);
    expect(report.milliseconds).toBeLessThan(10_000);
    expect(failuresOf(report).map(({ detail }) => detail)).toContain(
      "not answered before the deadline",
    );
  });

  test("ends at its deadline while it waits for a retry", async () => {
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon") return false;
      sendError(response, 403, "permission_error", PERMISSION);
      return true;
    });
    const report = await verify(makeTarget(gateway.url), {
      timeoutSeconds: 3,
      settleSeconds: 60,
      firstRetryMilliseconds: 9000,
    });
    const failure = failuresOf(report).find(({ check }) => check === "chat");
    expect(failure?.hint).toContain("roles/aiplatform.user");
  });

  test("sends no more requests at a time than it may", async () => {
    let [now, most] = [0, 0];
    gateway.intrude((request, response) => {
      if (!request.authorized || request.model === undefined) return false;
      most = Math.max(most, (now += 1));
      setImmediate(() => {
        now -= 1;
        sendCompletion(request, response, "Hello");
      });
      return true;
    });
    await verify(makeTarget(gateway.url), { concurrency: 2 });
    expect(most).toBe(2);
  });
});
