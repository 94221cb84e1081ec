import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { classifyProviderError } from "../../../scripts/lib/verify/provider-error.ts";
import { hintFor } from "../../../scripts/lib/verify/hints.ts";
import type { VerifyOptions } from "../../../scripts/lib/verify/options.ts";
import type {
  CheckResult,
  VerifyTarget,
} from "../../../scripts/lib/verify/target.ts";
import {
  type Intruder,
  type LitellmDouble,
  answerHeaders,
  sendChunk,
  sendCompletion,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { sendJson } from "../../support/servers.ts";
import { failuresOf, makeTarget, namesOf, verify } from "./target.ts";

let gateway: LitellmDouble;

beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
});
afterAll(() => gateway.close());

/** The first failure where every chat completion asked with the key is answered by `answer`. */
async function failChat(
  answer: (response: ServerResponse, request: Parameters<Intruder>[0]) => void,
  changes: Partial<VerifyTarget> = {},
  options: VerifyOptions = {},
): Promise<CheckResult | undefined> {
  gateway.intrude((request, response) => {
    if (!request.authorized || !request.path.endsWith("/chat/completions")) {
      return false;
    }
    answer(response, request);
    return true;
  });
  const report = await verify(makeTarget(gateway.url, changes), options);
  expect(report.ok).toBe(false);
  return failuresOf(report)[0];
}

/** Enough for a busy machine. */
const IMPATIENT = { callTimeoutSeconds: 1.5 };

/** As LiteLLM wraps what Google said. */
function google(code: number, status: string, message: string): string {
  const body = JSON.stringify({ error: { code, message, status } });
  return `litellm.BadRequestError: Vertex_aiException BadRequestError - ${body}`;
}

const PERMISSION = google(
  403,
  "PERMISSION_DENIED",
  "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/my-project/locations/global/publishers/google/models/gemini-4-argon' (or it may not exist).",
);
const DISABLED = google(
  403,
  "PERMISSION_DENIED",
  "Vertex AI API has not been used in project 123456789012 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=123456789012 then retry.",
);
const KEY_INVALID =
  'litellm.AuthenticationError: GeminiException - {"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}';
const NO_MODEL_IN = (location: string): string =>
  google(
    404,
    "NOT_FOUND",
    `Publisher Model \`projects/my-project/locations/${location}/publishers/google/models/gemini-4-argon\` was not found or your project does not have access to it.`,
  );
const NO_GEMINI_MODEL = google(
  404,
  "NOT_FOUND",
  "models/gemini-4-argon is not found for API version v1beta, or is not supported for generateContent.",
);
const QUOTA = google(429, "RESOURCE_EXHAUSTED", "Resource exhausted.");
const LOCATION = google(
  400,
  "FAILED_PRECONDITION",
  "User location is not supported for the API use.",
);
const METADATA =
  'litellm.APIConnectionError: ("Failed to retrieve http://metadata/computeMetadata/v1/instance/service-accounts/default/token from the Google Compute Engine metadata service. Status: 404")';

/** Status and message of LiteLLM's error, what the failure says, what its hint names. */
const FROM_GEMINI: [
  string,
  { status: number; message: string; apikey?: true },
  { detail: string; hint: string[] },
][] = [
  [
    "a missing role",
    { status: 403, message: PERMISSION },
    {
      detail: "Gemini answered 403 PERMISSION_DENIED: Permission 'aiplatform",
      hint: [
        "roles/aiplatform.user",
        "gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None",
      ],
    },
  ],
  [
    "a role that is missing in another project than the env's",
    {
      status: 403,
      message: PERMISSION.replace("projects/my-project", "projects/other-one"),
    },
    {
      detail: "Gemini answered 403 PERMISSION_DENIED: Permission 'aiplatform",
      hint: [
        "The config has this model in other-one",
        "gcloud projects add-iam-policy-binding other-one --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user --condition=None",
      ],
    },
  ],
  [
    "an API that is not enabled, which LiteLLM turns into a 400",
    { status: 400, message: DISABLED },
    {
      detail: "Gemini answered 403 PERMISSION_DENIED: Vertex AI API has not",
      hint: [
        "gcloud services enable aiplatform.googleapis.com --project=my-project",
      ],
    },
  ],
  [
    "a model that does not live in the location",
    { status: 404, message: NO_MODEL_IN("us-central1") },
    {
      detail: "404 NOT_FOUND",
      hint: [
        "in location us-central1 for my-project",
        "us or global may have it",
        "MODEL_REGION=us in envs/dev.env",
        "npx tsx scripts/deploy.ts dev",
      ],
    },
  ],
  [
    "a model that is not in global",
    { status: 404, message: NO_MODEL_IN("global") },
    { detail: "404 NOT_FOUND", hint: ["in location global", "retired"] },
  ],
  [
    "a model that the Gemini API lacks",
    { status: 404, message: NO_GEMINI_MODEL, apikey: true },
    { detail: "404 NOT_FOUND", hint: ["Gemini API has no", "retired"] },
  ],
  [
    "an invalid Gemini key",
    { status: 401, message: KEY_INVALID, apikey: true },
    {
      detail: "400 INVALID_ARGUMENT: API key not valid.",
      hint: [
        'printf %s "$GEMINI_API_KEY" | gcloud secrets versions add litellm-gemini-key --data-file=- --project=my-project',
        "npx tsx scripts/deploy.ts dev",
      ],
    },
  ],
  [
    "a Gemini key that may not be used",
    {
      status: 403,
      message: google(403, "PERMISSION_DENIED", "Requests are blocked."),
      apikey: true,
    },
    { detail: "403 PERMISSION_DENIED", hint: ["restrictions", "printf %s"] },
  ],
  [
    "a region that the Gemini API does not serve",
    { status: 400, message: LOCATION, apikey: true },
    { detail: "User location", hint: ["REGION=us-central1", "MODE=vertex"] },
  ],
  [
    "a quota of Vertex AI",
    { status: 429, message: QUOTA },
    { detail: "429 RESOURCE_EXHAUSTED", hint: ["quota", "location global"] },
  ],
  [
    "a quota of the Gemini key",
    { status: 429, message: QUOTA, apikey: true },
    { detail: "429 RESOURCE_EXHAUSTED", hint: ["quota", "billing"] },
  ],
  [
    "an overloaded model",
    { status: 503, message: google(503, "UNAVAILABLE", "Overloaded.") },
    { detail: "503 UNAVAILABLE", hint: ["overloaded", "some minutes"] },
  ],
  [
    "what the answering side does not have, which is no outage",
    { status: 500, message: google(501, "UNIMPLEMENTED", "Not covered.") },
    { detail: "501 UNIMPLEMENTED", hint: ["No outage", "the rehearsal"] },
  ],
  [
    "an identity that the metadata server does not give",
    { status: 500, message: METADATA },
    {
      detail: "Compute Engine metadata service",
      hint: [
        "gcloud iam service-accounts describe litellmsa@my-project.iam.gserviceaccount.com --project=my-project",
      ],
    },
  ],
  [
    "parameters that the model does not take",
    {
      status: 400,
      message: "litellm.UnsupportedParamsError: no support for temperature",
    },
    { detail: "UnsupportedParamsError", hint: ["drop_params: true"] },
  ],
  [
    "Google out of the instance's reach",
    {
      status: 500,
      message:
        "litellm.APIConnectionError: Vertex_aiException - Server disconnected",
    },
    { detail: "Server disconnected", hint: ["VPC egress", "logging read"] },
  ],
];

describe("an error of Gemini says what to do about", () => {
  test.each(FROM_GEMINI)("%s", async (_, { status, message, apikey }, said) => {
    const failure = await failChat(
      (response) => {
        sendError(response, status, "some_error", message);
      },
      apikey === true ? { mode: "apikey" } : {},
    );
    expect(failure).toMatchObject({ check: "chat", subject: "argon" });
    expect(failure?.detail).toContain(said.detail);
    for (const part of said.hint) expect(failure?.hint).toContain(part);
  });

  test("a streamed call, which LiteLLM wraps as Python bytes", async () => {
    const failure = await failChat((response, request) => {
      if (!request.body.includes('"stream":true')) {
        sendCompletion(request, response, "Hello");
        return;
      }
      const json = PERMISSION.slice(PERMISSION.indexOf("{"));
      const message = `b'${json.replaceAll("'", "\\'")}'`;
      sendError(response, 403, "permission_error", message);
    });
    expect(failure).toMatchObject({ check: "stream", subject: "argon" });
    expect(failure?.detail).toMatch(
      /^Gemini answered 403 PERMISSION_DENIED: Permission 'aiplatform\.end/,
    );
    expect(failure?.hint).toContain("roles/aiplatform.user");
  });

  test("a stream that breaks off with an error in it", async () => {
    const failure = await failChat((response, request) => {
      if (!request.body.includes('"stream":true')) {
        sendCompletion(request, response, "Hello");
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      sendChunk(response, { delta: { content: "Hel" } });
      const error = {
        message: "litellm.ServiceUnavailableError: UNAVAILABLE - try later",
        type: null,
        param: null,
        code: "503",
      };
      response.end(`data: ${JSON.stringify({ error })}\n\n`);
    });
    expect(failure).toMatchObject({ check: "stream", subject: "argon" });
    expect(failure?.detail).toContain("503");
    expect(failure?.hint).toContain("overloaded");
  });
});

describe("an answer that came but is wrong fails when", () => {
  test.each<
    [string, string, (r: ServerResponse, q: Parameters<Intruder>[0]) => void]
  >([
    [
      "it is empty",
      "an empty answer (finish_reason stop)",
      (response, request) => {
        sendCompletion(request, response, "");
      },
    ],
    [
      "a filter held it back",
      "the answer was held back",
      (response, request) => {
        sendCompletion(request, response, "", {}, "content_filter");
      },
    ],
    [
      "its UTF-8 was read as Latin-1",
      "the answer's UTF-8 is damaged",
      (response, request) => {
        const spoilt = Buffer.from("grüß-你好", "utf8").toString("latin1");
        sendCompletion(request, response, spoilt);
      },
    ],
    [
      "its UTF-8 was cut apart",
      "the answer's UTF-8 is damaged",
      (response, request) => {
        sendCompletion(request, response, "gr\uFFFD\uFFFDß");
      },
    ],
    [
      "a fallback gave it",
      "a fallback answered",
      (response, request) => {
        const headers = { "x-litellm-attempted-fallbacks": "1" };
        sendCompletion(request, response, "Hello", {
          ...answerHeaders("id-argon"),
          ...headers,
        });
      },
    ],
    [
      "it is no completion at all",
      "an empty answer (finish_reason undefined)",
      (response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end("<html>Sign in</html>");
      },
    ],
    [
      "it is not JSON although it says so",
      "the answer is not JSON",
      (response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end("<html>");
      },
    ],
    [
      "the connection breaks",
      "the connection broke: other side closed",
      (response) => response.socket?.destroy(),
    ],
  ])("%s", async (_, detail, answer) => {
    const failure = await failChat(answer);
    expect(failure).toMatchObject({ check: "chat", detail });
    expect(failure?.hint).not.toBe("");
  });

  test("its stream ends without a finish", async () => {
    const failure = await failChat((response, request) => {
      sendCompletion(request, response, "Hello", {}, null);
    });
    // The whole answer has no finish_reason either, and that is nobody's loss.
    expect(failure).toMatchObject({ check: "stream", subject: "argon" });
    expect(failure?.detail).toContain("without a finish_reason");
    expect(failure?.hint).toContain("TIMEOUT in envs/dev.env");
  });

  test("it does not come in time", async () => {
    const failure = await failChat(() => undefined, {}, IMPATIENT);
    expect(failure).toMatchObject({
      check: "chat",
      detail: "no complete answer within 1.5 s",
    });
    expect(failure?.hint).toContain("MIN_INSTANCES=1");
  });

  test("its stream stops half way", async () => {
    const failure = await failChat(
      (response, request) => {
        if (!request.body.includes('"stream":true')) {
          sendCompletion(request, response, "Hello");
          return;
        }
        response.writeHead(200, { "content-type": "text/event-stream" });
        sendChunk(response, { delta: { content: "Hel" } });
      },
      {},
      IMPATIENT,
    );
    expect(failure).toMatchObject({
      check: "stream",
      detail: "no complete answer within 1.5 s",
    });
  });

  test("an embedding has no numbers", async () => {
    gateway.intrude((request, response) => {
      if (!request.path.endsWith("/embeddings")) return false;
      sendJson(response, 200, { data: [{ embedding: [] }] });
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(namesOf(failuresOf(report))).toEqual(["embeddings vectors"]);
  });
});

describe("LiteLLM's own errors say what to do:", () => {
  test("it is at its limit", async () => {
    const failure = await failChat((response) => {
      const message = "Worker at capacity: 1 in-flight, 0 queued requests.";
      sendError(response, 503, "overloaded_error", message);
    });
    expect(failure?.hint).toContain("max_in_flight_requests_per_worker");
  });

  test("it does not know a name", async () => {
    const failure = await failChat((response, request) => {
      const message = `Invalid model name passed in model=${request.model ?? ""}.`;
      sendError(response, 400, "invalid_request_error", message);
    });
    expect(failure?.hint).toContain("does not run the config that is here");
  });

  test("it is not ready", async () => {
    gateway.intrude((request, response) => {
      if (request.path !== "/health/readiness") return false;
      sendJson(response, 503, { status: "shutting down" });
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(failuresOf(report)[0]).toMatchObject({
      check: "readiness",
      detail: "LiteLLM answered 503: shutting down",
    });
    expect(failuresOf(report)[0]?.hint).toContain("service_name=litellm-proxy");
  });

  test("it refuses the very key, so nothing else is tried", async () => {
    gateway.intrude((request, response) => {
      if (!request.authorized) return false;
      sendError(response, 400, "no_db_connection", "No connected db.");
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(report).toMatchObject({ ok: false, stopped: "the key is refused" });
    expect(namesOf(failuresOf(report))).toEqual(["models"]);
    expect(failuresOf(report)[0]?.hint).toContain("secret litellm-master-key");
    expect(report.modelCalls).toBe(0);
  });
});

test.each([
  ["europe-west4", "MODEL_REGION=eu in envs/dev.env"],
  ["eu", "lives elsewhere, or has to be requested"],
])("nobody in %s is sent out of the EU", (location, advice) => {
  const target = makeTarget("http://127.0.0.1", { modelRegion: location });
  const hint = (message: string): string =>
    hintFor(target, classifyProviderError(500, message));
  expect(hint(NO_MODEL_IN(location))).toContain(advice);
  expect(hint(QUOTA)).toContain(`over quota in location ${location}`);
  expect(hint(NO_MODEL_IN(location)) + hint(QUOTA)).not.toContain("global");
});

describe("a provider other than Google is not taken for Google", () => {
  const model = "openai/gpt-5.5";
  const hintOf = (status: number, message: string): string =>
    hintFor(makeTarget(gateway.url), classifyProviderError(status, message), {
      model,
    });

  test("a key that it refuses", () => {
    const hint = hintOf(
      401,
      "litellm.AuthenticationError: AuthenticationError: OpenAIException - Incorrect API key provided",
    );
    expect(hint).toContain(`refuses the key that the service has for ${model}`);
    expect(hint).toContain("scripts/deploy.ts");
  });

  test("an outage", () => {
    const hint = hintOf(
      503,
      "litellm.ServiceUnavailableError: OpenAIException",
    );
    expect(hint).toContain(`The provider of ${model} is overloaded`);
    expect(hint).not.toContain("Google");
  });

  test.each([
    [429, "litellm.RateLimitError: OpenAIException", "over its limits"],
    [500, "litellm.APIConnectionError: OpenAIException", "does not reach"],
    [403, "litellm.PermissionDeniedError: OpenAIException", "does not let"],
  ])("%i with the words %s", (status, message, says) => {
    const [advice = "", ...commands] = hintOf(status, message).split("\n");
    expect(advice).toContain(says);
    expect(advice).toContain(`provider of ${model}`);
    expect([advice, ...commands].join("\n")).not.toContain("aistudio");
  });

  test("what it does not have", () => {
    const hint = hintOf(501, "litellm.APIError: OpenAIException - not covered");
    expect(hint).toMatch(/^No outage/);
  });
});
