import { once } from "node:events";
import { request } from "node:http";
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import type {
  FrontEnd,
  Instance,
  Route,
} from "../../../../emulator/machine/runtime/instance.ts";
import { newIdentityToken } from "../../../../emulator/core/identity.ts";
import {
  backendOf as to,
  openRoute,
  startTestRuntime,
  type TestRuntime,
} from "../../../support/runtime.ts";

let test: TestRuntime;
let one: Instance;
let two: Instance;
let frontEnd: FrontEnd | undefined;

beforeAll(async () => {
  test = await startTestRuntime({ pendingMs: 900 });
  [one, two] = await Promise.all([
    test.runtime.startInstance(
      test.spec({
        revision: "hello-one",
        env: { K_REVISION: "hello-one" },
        containerConcurrency: 1,
        timeoutSeconds: 1,
      }),
    ),
    test.runtime.startInstance(
      test.spec({ revision: "hello-two", env: { K_REVISION: "hello-two" } }),
    ),
  ]);
});

afterEach(async () => {
  frontEnd?.abort();
  await vi.waitFor(() => {
    expect([one.slots.inFlight, two.slots.inFlight]).toEqual([0, 0]);
  });
});

afterAll(() => test.runtime.close());

const textsOf = (stream: string) =>
  test.entries.filter((e) => e.stream === stream).map((e) => e.text);

async function open(route: () => Route): Promise<string> {
  frontEnd = await test.runtime.listen(route);
  return frontEnd.url;
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  return {
    status: response.status,
    body: await response.text(),
    headers: response.headers,
  };
}

describe("routing", () => {
  it("divides requests in proportion", async () => {
    const url = await open(openRoute(to(one, 0), to(two, 100)));
    const all = await Promise.all(Array.from({ length: 20 }, () => get(url)));
    expect(new Set(all.map(({ body }) => body))).toEqual(
      new Set(["hello-two"]),
    );
    frontEnd?.abort();
    const half = await open(openRoute(to(one, 50), to(two, 50)));
    const seen = new Set<string>();
    for (let i = 0; i < 60; i++) seen.add((await get(half)).body);
    expect(seen).toEqual(new Set(["hello-one", "hello-two"]));
  });

  it("follows the route as it is at each request", async () => {
    let instance = one;
    const url = await open(() => openRoute(to(instance))());
    expect((await get(url)).body).toBe("hello-one");
    instance = two;
    expect((await get(url)).body).toBe("hello-two");
  });

  it("answers 404 as Google while no revision is ready", async () => {
    const { status, body } = await get(await open(openRoute()));
    expect(status).toBe(404);
    expect(body).toContain("Error: Page not found");
  });

  it("answers 503 when the instance cannot be started", async () => {
    const take = () => Promise.reject(new Error("did not start"));
    const url = await open(openRoute({ ...to(one), take }));
    expect(await get(url)).toMatchObject({
      status: 503,
      body: "Service Unavailable",
    });
  });

  it("asks for the route again when the chosen revision stops meanwhile", async () => {
    const stopped = { ...to(one), take: () => Promise.resolve(undefined) };
    const backends = [stopped, to(two)];
    const url = await open(() => openRoute(backends.shift() ?? to(two))());
    expect(await get(url)).toMatchObject({ status: 200, body: "hello-two" });
  });
});

describe("limits", () => {
  it("lets requests over the concurrency wait their turn", async () => {
    const url = await open(openRoute(to(one)));
    const all = await Promise.all(Array.from({ length: 5 }, () => get(url)));
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(one.slots.inFlight).toBe(0);
  });

  it("answers 429 as Google when no turn comes, and logs why", async () => {
    const url = await open(openRoute(to(one)));
    const holding = get(`${url}/hold?name=a`);
    await vi.waitFor(() => {
      expect(one.slots.inFlight).toBe(1);
    });
    expect(await get(url)).toMatchObject({
      status: 429,
      body: "Rate exceeded.",
    });
    expect(test.entries.at(-1)?.text).toMatch(
      /^The request was aborted because there was no available instance\./,
    );
    await get(`${one.url}/release?name=a`);
    expect((await holding).body).toBe("begun\nended\n");
  });

  it("answers 504 as Google when a request takes longer than the service allows", async () => {
    const url = await open(openRoute(to(one)));
    expect(await get(`${url}/never`)).toMatchObject({
      status: 504,
      body: "upstream request timeout",
    });
    expect(test.entries.map(({ text }) => text)).toContain(
      "The request has been terminated because it has reached the maximum request timeout. To change this limit, see https://cloud.google.com/run/docs/configuring/request-timeout",
    );
  });

  it("answers 413 as Google to more than 32 MiB", async () => {
    const url = await open(openRoute(to(two)));
    const sent = request(url, {
      method: "POST",
      headers: { "content-length": 32 * 2 ** 20 + 1 },
    });
    sent.on("error", () => undefined);
    sent.flushHeaders();
    const [response] = (await once(sent, "response")) as [
      { statusCode: number },
    ];
    sent.destroy();
    expect(response.statusCode).toBe(413);
  });
});

describe("passing on", () => {
  it("streams: the client sees the beginning before the end is there", async () => {
    const url = await open(openRoute(to(two)));
    const response = await fetch(`${url}/hold?name=b`);
    const reader = response.body
      ?.pipeThrough(new TextDecoderStream())
      .getReader();
    expect((await reader?.read())?.value).toBe("begun\n");
    await get(`${two.url}/release?name=b`);
    expect((await reader?.read())?.value).toBe("ended\n");
  });

  it.each(["/hold?name=c", "/never"])(
    "tells the container that the client has gone from %s",
    async (path) => {
      const url = await open(openRoute(to(two)));
      test.entries.length = 0;
      const client = new AbortController();
      const asked = fetch(url + path, { signal: client.signal });
      asked.catch(() => undefined);
      await vi.waitFor(() => {
        expect(textsOf("stdout")).toEqual([`asked for ${path}`]);
      });
      client.abort();
      await vi.waitFor(() => {
        expect(textsOf("stdout")).toContain(`torn off ${path}`);
      });
    },
  );

  it("tears the answer off where the container does", async () => {
    const url = await open(openRoute(to(two)));
    const response = await fetch(`${url}/tear`);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("answers 503 as Google when the container breaks off without an answer", async () => {
    const doomed = await test.runtime.startInstance(test.spec());
    const url = await open(openRoute(to(doomed)));
    expect(await get(`${url}/exit?code=1`)).toMatchObject({
      status: 503,
      body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
    });
    expect(await doomed.exited).toMatchObject({ cause: "signal" });
  });

  it("adds what Google adds and leaves out what belongs to the connection", async () => {
    const url = await open(openRoute(to(two)));
    const answer = await get(`${url}/headers`, { "x-own": "kept" });
    const headers = JSON.parse(answer.body) as Record<string, string>;
    expect(headers["x-own"]).toBe("kept");
    expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
    expect(headers["x-cloud-trace-context"]).toMatch(/^[0-9a-f]{32}\/\d+;o=1$/);
    expect(headers).not.toHaveProperty("keep-alive");
    expect(answer.headers.get("server")).toBe("Google Frontend");
  });

  it("loses no request when traffic moves away and the old instance stops", async () => {
    const old = await test.runtime.startInstance(test.spec());
    let instance = old;
    const url = await open(() => openRoute(to(instance))());
    const holding = get(`${url}/hold?name=d`);
    await vi.waitFor(() => {
      expect(old.slots.inFlight).toBe(1);
    });
    instance = two;
    const stopped = old.stop();
    expect((await get(url)).body).toBe("hello-two");
    await get(`${old.url}/release?name=d`);
    expect(await holding).toMatchObject({
      status: 200,
      body: "begun\nended\n",
    });
    await stopped;
  });
});

describe("the invoker check", () => {
  const guarded = () =>
    open(() => ({
      backends: [to(two)],
      mayInvoke: (caller) => caller === "user:friend@example.com",
      audiences: ["https://hello.example"],
    }));
  const token = (email: string, audience = "https://hello.example") =>
    newIdentityToken(test.cloud, `user:${email}`, audience);

  it("answers 403 with Google's page to nobody and to strangers", async () => {
    const url = await guarded();
    const nobody = await get(`${url}/a?b=<c>`);
    expect(nobody.status).toBe(403);
    expect(nobody.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(nobody.body).toContain(
      "<h2>Your client does not have permission to get URL <code>/a?b=%3Cc%3E</code> from this server.</h2>",
    );
    const authorization = `Bearer ${token("stranger@example.com")}`;
    expect((await get(url, { authorization })).status).toBe(403);
  });

  it.each([
    ["that Google did not make", () => "sk-a-key-of-litellm"],
    ["for another audience", () => token("friend@example.com", "https://x")],
  ])("answers 401 to a token %s", async (_, make) => {
    const url = await guarded();
    const answer = await get(url, { authorization: `Bearer ${make()}` });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
  });

  it("lets an invoker in, who may use Authorization for something else", async () => {
    const url = await guarded();
    const identity = token("friend@example.com");
    const answer = await get(`${url}/headers`, {
      authorization: "Bearer sk-a-key-of-litellm",
      "x-serverless-authorization": `Bearer ${identity}`,
    });
    const headers = JSON.parse(answer.body) as Record<string, string>;
    expect(headers.authorization).toBe("Bearer sk-a-key-of-litellm");
    expect(headers["x-serverless-authorization"]).toBe(
      `Bearer ${identity.replace(/[^.]*$/, "SIGNATURE_REMOVED_BY_GOOGLE")}`,
    );
  });
});
