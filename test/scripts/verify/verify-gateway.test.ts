import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type LitellmDouble,
  answerHeaders,
  sendCompletion,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { sendJson } from "../../support/servers.ts";
import type { ServedModel } from "../../../scripts/lib/verify/target.ts";
import { MODELS, failuresOf, makeTarget, namesOf, verify } from "./target.ts";

let gateway: LitellmDouble;

beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
  gateway.requests.length = 0;
});
afterAll(() => gateway.close());

/** What reached the models: path without query, and model. */
function modelCalls(): string[] {
  return gateway.requests
    .filter(({ headers }) => headers.authorization?.includes("sk-5e") === true)
    .filter(({ method }) => method === "POST")
    .map(({ path, body }) => {
      const { model, stream } = JSON.parse(body) as Record<string, unknown>;
      return `${path} ${String(model)}${stream === true ? " streamed" : ""}`;
    })
    .sort();
}

describe("a gateway that is well", () => {
  test("passes every check, in an order that people can read", async () => {
    const report = await verify(makeTarget(gateway.url));
    expect(failuresOf(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, failed: 0, skipped: 0 });
    expect(report.litellmVersion).toBe("1.108.14");
    expect(namesOf(report.results)).toMatchInlineSnapshot(`
      [
        "liveness",
        "readiness",
        "version",
        "refuses-no-key",
        "refuses-wrong-key",
        "models",
        "deployments",
        "chat argon",
        "chat flash",
        "chat flash [1/2]",
        "chat flash [2/2]",
        "chat old",
        "chat secret",
        "stream argon",
        "stream flash [1/2]",
        "stream flash [2/2]",
        "embeddings vectors",
      ]
    `);
  });

  test("is asked for each deployment by its id and for each name once, and no more", async () => {
    const report = await verify(makeTarget(gateway.url));
    expect(modelCalls()).toMatchInlineSnapshot(`
      [
        "/chat/completions argon streamed",
        "/chat/completions flash",
        "/chat/completions id-flash-1 streamed",
        "/chat/completions id-flash-2 streamed",
        "/chat/completions old",
        "/chat/completions secret",
        "/embeddings vectors",
        "/v1/chat/completions id-argon",
        "/v1/chat/completions id-flash-1",
        "/v1/chat/completions id-flash-2",
        "/v1/embeddings id-vectors",
      ]
    `);
    expect(report.modelCalls).toBe(modelCalls().length);
  });

  test("is asked without fallbacks and with a bounded number of tokens", async () => {
    await verify(makeTarget(gateway.url));
    const bodies = gateway.requests
      .filter(({ path, body }) => path !== "" && body.includes("grüß"))
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies.length).toBeGreaterThan(8);
    for (const body of bodies) {
      expect(body).toMatchObject({ disable_fallbacks: true });
      if ("messages" in body) expect(body.max_tokens).toBeLessThanOrEqual(512);
    }
  });

  test("is told of as it goes", async () => {
    const told: string[] = [];
    const report = await verify(makeTarget(gateway.url), {
      onResult: (result) => told.push(...namesOf([result])),
    });
    expect(told[0]).toBe("liveness");
    expect(told.toSorted()).toEqual(namesOf(report.results).toSorted());
  });

  test("is said to cost what its answers tell, and of how many calls they did", async () => {
    gateway.intrude((request, response) => {
      if (request.model !== "old") return false;
      const text = /grüß[^"]*/.exec(request.body)?.[0] ?? "";
      const cost = { "x-litellm-response-cost": "0.000125" };
      sendCompletion(request, response, text, {
        ...answerHeaders("id"),
        ...cost,
      });
      return true;
    });
    const told = await verify(makeTarget(gateway.url));
    expect(told.cost).toEqual({ dollars: 0.000125, calls: 1 });
    gateway.intrude(() => false);
    const untold = await verify(makeTarget(gateway.url));
    expect(untold.cost).toEqual({ dollars: 0, calls: 0 });
  });

  test("may have a base URL with a slash at its end", async () => {
    const report = await verify(makeTarget(`${gateway.url}/`));
    expect(report).toMatchObject({ ok: true, url: gateway.url });
  });
});

describe("a real model", () => {
  test("need not repeat the text that it was asked to repeat", async () => {
    gateway.intrude((request, response) => {
      if (request.model !== "id-argon") return false;
      sendCompletion(request, response, "I'd rather not.");
      return true;
    });
    expect(await verify(makeTarget(gateway.url))).toMatchObject({ ok: true });
  });

  test("may spend all its tokens on thinking", async () => {
    gateway.intrude((request, response) => {
      if (!request.authorized || request.model?.endsWith("argon") !== true) {
        return false;
      }
      sendCompletion(request, response, "", {}, "length");
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(report).toMatchObject({ ok: true });
    expect(
      report.results.find((result) => result.subject === "argon")?.detail,
    ).toBe("thought for all of 512 tokens, no text");
  });
});

describe("several deployments behind one name", () => {
  test("each have to answer, and the others are still checked", async () => {
    gateway.intrude((request, response) => {
      if (request.model !== "id-flash-2") return false;
      sendError(response, 404, "invalid_request_error", NOT_FOUND);
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(namesOf(failuresOf(report))).toEqual(["chat flash [2/2]"]);
    expect(failuresOf(report)[0]?.hint).toContain("in location us-west9");
    expect(namesOf(report.results.filter(({ skipped }) => skipped))).toEqual([
      "chat flash",
      "stream flash [2/2]",
    ]);
    expect(namesOf(report.results)).toContain("stream flash [1/2]");
  });

  test("are asked by name where LiteLLM takes no ids, and that is said", async () => {
    gateway.intrude((request, response) => {
      if (request.model?.startsWith("id-") !== true) return false;
      const message = `/chat/completions: Invalid model name passed in model=${request.model}.`;
      sendError(response, 400, "invalid_request_error", message);
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(report.ok).toBe(true);
    const flash = report.results.find((r) => r.subject === "flash [1/2]");
    expect(flash?.hint).toContain("takes no deployment ids");
  });

  test("are not mistaken for one another", async () => {
    gateway.intrude((request, response) => {
      if (request.model !== "id-flash-2") return false;
      sendCompletion(request, response, "Hello", answerHeaders("id-flash-1"));
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(failuresOf(report)[0]).toMatchObject({
      check: "chat",
      subject: "flash [2/2]",
      detail: "another deployment answered",
    });
  });
});

describe("the model list", () => {
  test("names what is missing and what is not in the config", async () => {
    const models = MODELS.filter(({ name }) => name !== "vectors").concat({
      name: "new",
      kind: "chat",
      aliasOf: "argon",
      deployments: [],
    });
    const report = await verify(makeTarget(gateway.url, { models }));
    expect(
      report.results.find((result) => result.check === "models"),
    ).toMatchObject({
      ok: false,
      detail: "missing: new; not in the config: vectors",
    });
    expect(namesOf(failuresOf(report))).toEqual(["models", "chat new"]);
  });

  test("may have names that cannot be asked, and what patterns stand for", async () => {
    const models: ServedModel[] = [
      ...MODELS.filter(({ name }) => name !== "vectors"),
      { name: "vec*", kind: "other", deployments: [{ model: "vertex_ai/*" }] },
    ];
    const report = await verify(makeTarget(gateway.url, { models }));
    expect(failuresOf(report)).toEqual([]);
    expect(report.results).toContainEqual(
      expect.objectContaining({
        check: "models",
        detail: "3 names, and 1 by a pattern",
        hint: "No model of vec* was asked. Ask those that you use:\nnpx tsx scripts/connect.ts dev curl --model=NAME --check",
      }),
    );
    const pictures: ServedModel = {
      name: "pictures",
      kind: "other",
      deployments: [{ model: "vertex_ai/imagen-4" }],
    };
    const missing = await verify(
      makeTarget(gateway.url, { models: [...models, pictures] }),
    );
    expect(failuresOf(missing).map(({ detail }) => detail)).toEqual([
      "missing: pictures",
      "pictures stands for nothing; in the config: vertex_ai/imagen-4",
    ]);
  });

  test("has the config's deployments behind its names", async () => {
    const models = MODELS.map((model) =>
      model.name === "argon"
        ? { ...model, deployments: [{ model: "vertex_ai/gemini-5" }] }
        : model,
    );
    const report = await verify(makeTarget(gateway.url, { models }));
    expect(failuresOf(report)[0]).toMatchObject({
      check: "deployments",
      detail:
        "argon stands for vertex_ai/gemini-4-argon; in the config: vertex_ai/gemini-5",
    });
  });

  test("still lets every name be asked where the deployments cannot be read", async () => {
    gateway.intrude((request, response) => {
      if (request.path !== "/v1/model/info") return false;
      sendError(response, 500, "internal_server_error", "no router");
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(namesOf(failuresOf(report))).toEqual(["deployments"]);
    expect(modelCalls()).toContain("/v1/chat/completions flash");
  });
});

describe("the version", () => {
  test.each([
    ["1.82.7", false, /steals credentials/],
    ["1.99.0", true, /LiteLLM 1\.99\.0/],
  ])("%s passes: %s", async (version, ok, detail) => {
    gateway.intrude((request, response) => {
      if (!request.authorized || request.method !== "POST") return false;
      response.setHeader("x-litellm-version", version);
      sendJson(response, 200, {
        data: [{ embedding: [1] }],
        choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
      });
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    const result = report.results.find(({ check }) => check === "version");
    expect(result).toMatchObject({ ok });
    expect(result?.detail).toMatch(detail);
    expect(result?.hint).toMatch(/IMAGE/);
  });

  test("is asked for where the answers do not tell it", async () => {
    gateway.intrude((request, response) => {
      if (request.method !== "POST") return false;
      sendJson(response, 500, {});
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(report.litellmVersion).toBe("1.108.14");
  });
});

const NOT_FOUND =
  'litellm.NotFoundError: Vertex_aiException - {"error":{"code":404,"message":"Publisher Model `projects/p/locations/us-west9/publishers/google/models/gemini-3.8-flash` was not found or your project does not have access to it.","status":"NOT_FOUND"}}';
