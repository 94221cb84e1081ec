import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  geminiOf,
  newGeminiApiKey,
  noFaults,
} from "../../emulator/apis/gemini/state.ts";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import {
  ACCOUNT,
  httpProbe,
  backendOf,
  openRoute,
  startTestRuntime,
  type TestRuntime,
} from "../support/runtime.ts";

// The stand-in has to answer as the real LiteLLM does, so both are asked the same.

const KEY = "sk-this-key-is-only-for-this-test";
const CLIENT = "sk-client-with-one-model";
const LIMITED = "sk-client-with-a-limit";
const MODEL = "gemini-3.8-flash";
const FALLBACK = "gemini-3.5-flash";
const EMBEDDING = ["gemini-embedding-001", "gemini-embedding-2"];
const QUESTION = "Grüße 👋 漢字";

const MODES = {
  vertex:
    "model: vertex_ai/MODEL, vertex_project: os.environ/PROJECT_ID, vertex_location: os.environ/REGION",
  apikey: "model: gemini/MODEL, api_key: os.environ/GEMINI_API_KEY",
};

type Mode = keyof typeof MODES;

/** What clients ask for: both modes in one process. */
const nameOf = (mode: Mode, model: string) => `${mode}-${model}`;
const namesOf = (model: string) => [
  nameOf("vertex", model),
  nameOf("apikey", model),
];

const modelsOf = (mode: Mode) =>
  [MODEL, FALLBACK, ...EMBEDDING].map(
    (model) => `
  - model_name: ${nameOf(mode, model)}
    litellm_params: { ${MODES[mode].replace("MODEL", model)} }`,
  );

const CONFIG = `
model_list:
${[...modelsOf("vertex"), ...modelsOf("apikey")].join("")}
router_settings:
  model_group_alias:
    ${nameOf("vertex", "old-name")}: ${nameOf("vertex", MODEL)}
    ${nameOf("apikey", "old-name")}: ${nameOf("apikey", MODEL)}
  fallbacks:
    - ${nameOf("vertex", MODEL)}: [${nameOf("vertex", FALLBACK)}]
    - ${nameOf("apikey", MODEL)}: [${nameOf("apikey", FALLBACK)}]
  num_retries: 0
  disable_cooldowns: true
litellm_settings: { drop_params: true }
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  custom_auth: client_keys.authenticate
  custom_auth_run_common_checks: true
`;

const hash = (key: string) => createHash("sha256").update(key).digest("hex");
const CLIENT_KEYS = {
  keys: [
    { name: "one", sha256: hash(CLIENT), models: [nameOf("vertex", MODEL)] },
    { name: "limited", sha256: hash(LIMITED), requestsPerMinute: 1 },
  ],
};

describe.each(["stand-in", "real"] as const)("LiteLLM (%s)", (litellm) => {
  let test: TestRuntime;
  let client: OpenAI;
  let apiKey: string;

  beforeAll(async () => {
    test = await startTestRuntime({ litellm });
    const project = test.cloud.project("demo-runtime");
    project.enabledApis.add("aiplatform.googleapis.com");
    apiKey = newGeminiApiKey(geminiOf(test.cloud));
    const instance = await test.runtime.startInstance(
      test.spec({
        image: "docker.io/litellm/litellm:v1.108.14",
        args: ["--config", "/secrets/config.yaml", "--port", "4000"],
        containerPort: 4000,
        memoryBytes: 2 ** 30,
        env: {
          PROJECT_ID: "demo-runtime",
          REGION: "global",
          LITELLM_MASTER_KEY: KEY,
          LITELLM_LOCAL_MODEL_COST_MAP: "True",
          LITELLM_LOG: "ERROR",
          GEMINI_API_KEY: apiKey,
        },
        files: [
          { path: "/secrets/config.yaml", read: () => Buffer.from(CONFIG) },
          {
            path: "/secrets/client_keys.py",
            read: () => readFileSync("config/client_keys.py"),
          },
          {
            path: "/client-keys/client-keys.json",
            read: () => Buffer.from(JSON.stringify(CLIENT_KEYS)),
          },
        ],
        startupProbe: httpProbe("/health/readiness", {
          failureThreshold: 100,
        }),
      }),
    );
    const route = openRoute(backendOf(instance));
    const frontEnd = await test.runtime.listen(route);
    client = new OpenAI({
      baseURL: `${frontEnd.url}/v1`,
      apiKey: KEY,
      maxRetries: 0,
    });
  }, 120_000);

  beforeEach(() => {
    const { policy } = test.cloud.project("demo-runtime");
    policy.bindings = [
      {
        role: "roles/aiplatform.user",
        members: [`serviceAccount:${ACCOUNT}`],
      },
    ];
    geminiOf(test.cloud).faults = noFaults();
    geminiOf(test.cloud).apiKeys.add(apiKey);
  });

  afterAll(() => test.runtime.close());

  it("lists the config's models and their other names", async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id).sort()).toEqual(
      [MODEL, FALLBACK, ...EMBEDDING, "old-name"].flatMap(namesOf).sort(),
    );
  });

  it("refuses a wrong key and no key in two ways", async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${client.baseURL}/models`, { headers });
      return [response.status, await response.text()];
    };
    expect(await ask({})).toEqual([
      401,
      expect.stringContaining("No api key passed in"),
    ]);
    expect(await ask({ authorization: "Bearer sk-wrong" })).toEqual([
      400,
      expect.stringContaining("No connected db."),
    ]);
  });

  it("lets a client key to its models, and to nothing else", async () => {
    const open = (key: string) => {
      const headers = {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
      };
      return {
        get: async (path: string) =>
          (await fetch(`${client.baseURL}${path}`, { headers })).status,
        chat: async (model: string) => {
          const response = await fetch(`${client.baseURL}/chat/completions`, {
            method: "POST",
            headers,
            body: JSON.stringify({
              model,
              messages: [{ role: "user", content: "x" }],
            }),
          });
          return [response.status, await response.text()];
        },
      };
    };
    const mine = open(CLIENT);
    const anything = expect.anything() as unknown;
    expect(await mine.chat(nameOf("vertex", MODEL))).toEqual([200, anything]);
    // It is another name of the same.
    expect(await mine.chat(nameOf("vertex", "old-name"))).toEqual([
      200,
      anything,
    ]);
    expect(await mine.chat(nameOf("apikey", MODEL))).toEqual([
      403,
      expect.stringContaining("is not available for this API key"),
    ]);
    expect(await mine.get("/model/info")).toBe(403);
    const own = new OpenAI({ baseURL: client.baseURL, apiKey: CLIENT });
    const { data } = await own.models.list();
    expect(data.map(({ id }) => id)).toEqual([nameOf("vertex", MODEL)]);
    const limited = open(LIMITED);
    const model = nameOf("vertex", FALLBACK);
    expect(await limited.chat(model)).toEqual([200, anything]);
    expect(await limited.chat(model)).toEqual([429, anything]);
  });

  it("does not know a model that is not in the config", async () => {
    await expect(
      client.chat.completions.create({
        model: "gpt-4",
        messages: [{ role: "user", content: "x" }],
      }),
    ).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(
        "Invalid model name passed in model=gpt-4.",
      ) as string,
    });
  });

  describe.each(["vertex", "apikey"] as const)("with %s", (mode) => {
    it("answers a chat whole, and says which version it is", async () => {
      const { data, response } = await client.chat.completions
        .create({
          model: nameOf(mode, MODEL),
          messages: [{ role: "user", content: QUESTION }],
        })
        .withResponse();
      expect(data.choices[0]?.message.content).toBe(
        `This is ${MODEL}, rehearsed on your machine. You wrote: ${QUESTION}`,
      );
      expect(data.choices[0]?.finish_reason).toBe("stop");
      expect(data.usage?.total_tokens).toBeGreaterThan(10);
      const { version } = await ensureLitellm(() => undefined);
      expect(response.headers.get("x-litellm-version")).toBe(version);
    });

    it("streams a chat in several pieces", async () => {
      const stream = await client.chat.completions.create({
        model: nameOf(mode, "old-name"),
        messages: [{ role: "user", content: QUESTION }],
        stream: true,
      });
      const pieces: string[] = [];
      for await (const chunk of stream) {
        const content = chunk.choices[0]?.delta.content ?? "";
        if (content !== "") pieces.push(content);
      }
      expect(pieces.length).toBeGreaterThanOrEqual(3);
      expect(pieces.join("")).toContain(QUESTION);
    });

    it("embeds several texts, which gemini-embedding-2 on Vertex AI takes for one", async () => {
      const counts = EMBEDDING.map(async (model) => {
        const input = ["one", "two"];
        const request = {
          model: nameOf(mode, model),
          input,
          dimensions: 8,
        };
        const { data } = await client.embeddings.create(request);
        expect(data[0]?.embedding).toHaveLength(8);
        return data.length;
      });
      expect(await Promise.all(counts)).toEqual([2, mode === "vertex" ? 1 : 2]);
    });

    it("falls back to another model unless the request forbids it", async () => {
      geminiOf(test.cloud).faults = {
        ...noFaults(),
        status: 503,
        models: [MODEL],
      };
      const request = {
        model: nameOf(mode, MODEL),
        messages: [{ role: "user" as const, content: "x" }],
      };
      const answer = await client.chat.completions.create(request);
      expect(answer.choices[0]?.message.content).toContain(FALLBACK);
      const strict = { ...request, disable_fallbacks: true };
      await expect(
        client.chat.completions.create(strict),
      ).rejects.toMatchObject({
        status: 500,
        message: expect.stringContaining("UNAVAILABLE") as string,
      });
    });
  });

  it("passes on that the service account lacks the role", async () => {
    test.cloud.project("demo-runtime").policy.bindings = [];
    const request = {
      model: nameOf("vertex", MODEL),
      messages: [{ role: "user" as const, content: "x" }],
      disable_fallbacks: true,
    };
    await expect(client.chat.completions.create(request)).rejects.toMatchObject(
      {
        status: 403,
        message: expect.stringContaining(
          "Permission 'aiplatform.endpoints.predict' denied on resource",
        ) as string,
      },
    );
  });

  it("passes on that the key is not valid", async () => {
    geminiOf(test.cloud).apiKeys.delete(apiKey);
    const request = {
      model: nameOf("apikey", MODEL),
      messages: [{ role: "user" as const, content: "x" }],
      disable_fallbacks: true,
    };
    await expect(client.chat.completions.create(request)).rejects.toMatchObject(
      {
        status: 401,
        message: expect.stringContaining("API key not valid") as string,
      },
    );
  });

  it("answers Python's OpenAI SDK", async () => {
    const { python } = await ensureLitellm(() => undefined);
    const script = `
import sys
from openai import OpenAI
client = OpenAI(base_url=sys.argv[1], api_key=sys.argv[2])
answer = client.chat.completions.create(
    model=sys.argv[3], messages=[{"role": "user", "content": "Grüße"}])
vector = client.embeddings.create(model=sys.argv[4], input="one")
print(answer.choices[0].message.content, len(vector.data[0].embedding))
`;
    const { stdout } = await promisify(execFile)(python, [
      "-c",
      script,
      client.baseURL,
      KEY,
      ...[MODEL, "gemini-embedding-001"].map((m) => nameOf("vertex", m)),
    ]);
    expect(stdout).toMatch(/You wrote: Grüße 3072\n$/);
  });
});
