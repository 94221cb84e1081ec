import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import type { CheckResult } from "../../../scripts/lib/verify/target.ts";
import {
  type LitellmDouble,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { sendJson } from "../../support/servers.ts";
import { failuresOf, makeTarget, namesOf, verify } from "./target.ts";

const IDENTITY = "header.payload.signature";

let gateway: LitellmDouble;

beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
  gateway.requests.length = 0;
});
afterAll(() => gateway.close());

/** Cloud Run's own page. */
function sendPage(response: ServerResponse, status: number): void {
  const words: Record<number, string> = {
    401: "Error: Unauthorized",
    403: "Error: Forbidden",
    404: "Error: Page not found",
    500: "Error: Server Error",
    503: "Service Unavailable",
  };
  const heading = words[status] ?? "Error";
  response.writeHead(status, { "content-type": "text/html; charset=UTF-8" });
  response.end(
    `\n<html><head>\n<title>${status}</title>\n</head>\n<body text=#000000>\n<h1>${heading}</h1>\n<h2>Your client does not have permission to get URL <code>/</code> from this server.</h2>\n</body></html>\n`,
  );
}

function resultOf(
  results: readonly CheckResult[],
  check: string,
): CheckResult | undefined {
  return results.find((result) => result.check === check);
}

describe("a caller without the key is refused", () => {
  test("when LiteLLM says so: 401 without a key, 400 with a wrong one", async () => {
    const { results } = await verify(makeTarget(gateway.url));
    expect(resultOf(results, "refuses-no-key")?.detail).toBe(
      "401 from LiteLLM",
    );
    expect(resultOf(results, "refuses-wrong-key")?.detail).toBe(
      "400 from LiteLLM",
    );
  });

  test("by a LiteLLM with a database too, which answers a wrong key with 401", async () => {
    gateway.intrude((request, response) => {
      if (request.authorized || request.headers.authorization === undefined) {
        return false;
      }
      const message =
        "Authentication Error, Invalid proxy server token passed. Received API Key = sk-...0a1b, Key Hash (Token) =5e88. Unable to find token in cache or `LiteLLM_VerificationTokenTable`";
      sendError(response, 401, "token_not_found_in_db", message);
      return true;
    });
    const { results } = await verify(makeTarget(gateway.url));
    expect(resultOf(results, "refuses-wrong-key")?.ok).toBe(true);
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      "Google's front end says it",
      (response) => {
        sendPage(response, 403);
      },
      /^Google's front end answered 403, not LiteLLM: Error: Forbidden Your client/,
    ],
    [
      "a 401 is not LiteLLM's",
      (response) => {
        const error = { code: 401, message: "No.", status: "UNAUTHENTICATED" };
        sendJson(response, 401, { error });
      },
      /^answered 401, not in LiteLLM's form/,
    ],
    [
      "a 400 is about something else",
      (response) => {
        sendError(response, 400, "invalid_request_error", "bad body");
      },
      /^LiteLLM answered 400 where it should refuse the key: bad body/,
    ],
    [
      "LiteLLM breaks over it",
      (response) => {
        sendError(response, 500, "internal_server_error", "No module prisma");
      },
      /^LiteLLM answered 500 where it should refuse the key/,
    ],
    [
      "it redirects",
      (response) => {
        response.writeHead(302, { location: `${gateway.url}/elsewhere` });
        response.end();
      },
      /^Google's front end answered 302/,
    ],
  ])("but not when %s", async (_, answer, detail) => {
    gateway.intrude((request, response) => {
      if (request.authorized || request.path.startsWith("/health")) {
        return false;
      }
      answer(response);
      return true;
    });
    const failures = failuresOf(await verify(makeTarget(gateway.url)));
    expect(namesOf(failures)).toEqual(["refuses-no-key", "refuses-wrong-key"]);
    for (const failure of failures) {
      expect(failure.detail).toMatch(detail);
      expect(failure.hint).toBeTruthy();
    }
  });

  test("for completions as well as for the list", async () => {
    gateway.intrude((request, response) => {
      if (request.authorized || request.path !== "/v1/chat/completions") {
        return false;
      }
      sendJson(response, 200, { choices: [] });
      return true;
    });
    const failures = failuresOf(await verify(makeTarget(gateway.url)));
    expect(namesOf(failures)).toEqual(["refuses-no-key", "refuses-wrong-key"]);
    expect(failures[0]).toMatchObject({ detail: "answered 200, not refused" });
    expect(failures[0]?.hint).toContain("at your cost");
  });
});

describe("ACCESS=iam", () => {
  const identityToken = new SecretValue(IDENTITY);

  /** Cloud Run's invoker check: LiteLLM sees only callers with the identity. */
  function checkInvoker(): void {
    gateway.intrude((request, response) => {
      const header = request.headers["x-serverless-authorization"];
      if (header === `Bearer ${IDENTITY}`) return false;
      sendPage(response, header === undefined ? 403 : 401);
      return true;
    });
  }

  test("sends the identity beside the key, and checks that it is needed", async () => {
    checkInvoker();
    const report = await verify(
      makeTarget(gateway.url, { access: "iam", identityToken }),
    );
    expect(failuresOf(report)).toEqual([]);
    expect(resultOf(report.results, "refuses-no-identity")?.detail).toBe(
      "403 from Google's front end",
    );
  });

  test("is broken where everybody gets in", async () => {
    const report = await verify(
      makeTarget(gateway.url, { access: "iam", identityToken }),
    );
    const failures = failuresOf(report);
    expect(namesOf(failures)).toEqual(["refuses-no-identity"]);
    expect(failures[0]?.hint).toContain("although ACCESS=iam");
  });

  test("names the role to a caller whom Cloud Run refuses, and stops", async () => {
    checkInvoker();
    const report = await verify(makeTarget(gateway.url, { access: "iam" }));
    expect(report.stopped).toBe("LiteLLM does not answer");
    const [failure] = failuresOf(report);
    expect(failure?.hint).toContain(
      'gcloud run services add-iam-policy-binding litellm-proxy --member=user:"$(gcloud config get account)" --role=roles/run.invoker --region=us-central1 --project=my-project',
    );
  });
});

describe("ACCESS=public", () => {
  test("does not ask whether an identity is needed", async () => {
    const { results } = await verify(makeTarget(gateway.url));
    expect(resultOf(results, "refuses-no-identity")).toBeUndefined();
  });

  test("is broken where Cloud Run wants an identity", async () => {
    gateway.intrude((_, response) => {
      sendPage(response, 403);
      return true;
    });
    const [failure] = failuresOf(await verify(makeTarget(gateway.url)));
    expect(failure?.check).toBe("liveness");
    expect(failure?.hint).toContain("although ACCESS=public");
    expect(failure?.hint).toContain("run.managed.requireInvokerIam");
  });
});

describe("Google's front end in LiteLLM's place", () => {
  test("is not waited for where the service was deleted meanwhile", async () => {
    let calls = 0;
    gateway.intrude((_, response) => {
      calls += 1;
      sendPage(response, 404);
      return true;
    });
    const gone = "somebody deleted service litellm-proxy while it was verified";
    const report = await verify(makeTarget(gateway.url), {
      settleSeconds: 180,
      findGone: () => Promise.resolve(calls < 3 ? undefined : gone),
    });
    expect(calls).toBe(3);
    expect(report.stopped).toBe("LiteLLM does not answer");
    const [failure] = failuresOf(report);
    expect(failure).toMatchObject({ detail: gone, retries: 2 });
    expect(failure?.hint).toContain("npx tsx scripts/deploy.ts dev");
  });

  test.each([
    [404, "gcloud run services describe litellm-proxy"],
    [429, "raise MAX_INSTANCES"],
    [500, "crashed, ran out of memory"],
    [503, "crashed, ran out of memory"],
    [504, "a higher TIMEOUT"],
  ])("%i says what to do", async (status, hint) => {
    gateway.intrude((_, response) => {
      sendPage(response, status);
      return true;
    });
    const report = await verify(makeTarget(gateway.url));
    expect(report).toMatchObject({ failed: 1, modelCalls: 0 });
    expect(report.stopped).toBe("LiteLLM does not answer");
    expect(failuresOf(report)[0]?.hint).toContain(hint);
  });
});
