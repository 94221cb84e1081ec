import { execFile } from "node:child_process";
import { inspect, promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import { redact } from "../../../scripts/lib/verify/redact.ts";
import {
  formatJson,
  formatReport,
} from "../../../scripts/lib/verify/report.ts";
import {
  type LitellmDouble,
  MASTER_KEY,
  sendError,
  startLitellmDouble,
} from "../../support/litellm-double.ts";
import { makeTarget, verify } from "./target.ts";

const KEY = "marker-of-the-master-key";
const IDENTITY = "marker-of-the-identity";

let gateway: LitellmDouble;

beforeAll(async () => {
  gateway = await startLitellmDouble();
});
afterEach(() => {
  gateway.intrude(() => false);
});
afterAll(() => gateway.close());

describe("no key and no token is in what verify says", () => {
  test("even where the gateway repeats all that it was sent", async () => {
    gateway.intrude((request, response) => {
      if (request.path.startsWith("/health/l")) return false;
      const message = `no: ${JSON.stringify(request.headers)}`;
      sendError(response, 500, "internal_server_error", message);
      return true;
    });
    const results: unknown[] = [];
    const target = makeTarget(gateway.url, {
      masterKey: new SecretValue(KEY),
      identityToken: new SecretValue(IDENTITY),
    });
    const report = await verify(target, {
      onResult: (result) => results.push(result),
    });
    const told = [
      formatReport(report, { colour: false, width: 80 }),
      formatJson(report),
      inspect([report, results, target], { depth: 9 }),
    ].join("\n");
    expect(told).toContain("[REDACTED]");
    expect(told).not.toContain("marker");
    expect(JSON.stringify(gateway.requests)).toContain(KEY);
    expect(JSON.stringify(gateway.requests)).toContain(IDENTITY);
  });

  test("even where the OpenAI SDK is told to log everything", async () => {
    const file = JSON.stringify(import.meta.resolve("./target.ts"));
    const code = `
      const { makeTarget, verify } = await import(${file});
      const target = makeTarget("${gateway.url}", { identityToken: { reveal: () => "${IDENTITY}" } });
      console.log(JSON.stringify(await verify(target)));`;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "--eval", code],
      { env: { ...process.env, OPENAI_LOG: "debug" } },
    );
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(stdout).not.toContain(MASTER_KEY);
    expect(stdout).not.toContain(IDENTITY);
    expect(stderr).toBe("");
  });
});

describe("what looks like a secret is not repeated, whoever's it is", () => {
  test.each([
    ["a Gemini key", `AIza${"x".repeat(35)}`],
    ["a newer Gemini key", `AQ.${"x".repeat(40)}`],
    ["an access token", `ya29.${"x".repeat(40)}`],
    ["a LiteLLM key", "sk-1234567890"],
    ["an identity token", "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl"],
  ])("%s", (_, secret) => {
    expect(redact(`a "${secret}" b`, [])).toBe('a "[REDACTED]" b');
  });

  test("and plain words are", () => {
    const text = "task-force sk- AIza ya29 eyJ: the quota of gemini-4-argon";
    expect(redact(text, [undefined, new SecretValue("")])).toBe(text);
  });
});
