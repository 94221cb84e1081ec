import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import {
  chooseStyle,
  formatJson,
  formatReport,
} from "../../../scripts/lib/verify/report.ts";
import type {
  CheckResult,
  VerifyReport,
} from "../../../scripts/lib/verify/target.ts";
import { wrapCommand } from "../../../scripts/lib/cli/wrap.ts";

const HINT = [
  "litellmsa@my-project.iam.gserviceaccount.com needs roles/aiplatform.user. Deploying gives it, and so does:",
  "gcloud projects add-iam-policy-binding my-project --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com --role=roles/aiplatform.user",
].join("\n");

const RESULTS: CheckResult[] = [
  { check: "liveness", ok: true, milliseconds: 38, detail: "alive" },
  {
    check: "version",
    ok: true,
    milliseconds: 8,
    detail: "LiteLLM 1.99.0",
    hint: "Set a newer IMAGE.",
  },
  {
    check: "models",
    ok: false,
    milliseconds: 9,
    detail: "missing: gemini-3.5-flash; not in the config: gemini-2.5-flash",
    hint: "Deploy it:\nnpx tsx scripts/deploy.ts dev",
  },
  {
    check: "chat",
    subject: "gemini-4-argon",
    ok: false,
    hint: HINT,
    milliseconds: 115,
    retries: 2,
    detail:
      "Gemini answered 403 PERMISSION_DENIED: Permission denied on //aiplatform.googleapis.com/projects/my-project/locations/global/publishers/google/models/gemini-4-argon",
  },
  {
    check: "chat",
    subject: "gemini-3.8-flash",
    ok: false,
    hint: HINT,
    milliseconds: 1234,
    detail: "Gemini answered 403",
  },
  {
    check: "chat",
    subject: "gemini-3-pro",
    ok: false,
    skipped: true,
    milliseconds: 0,
    detail: "not tried: see gemini-4-argon",
  },
  {
    check: "stream",
    subject: "a".repeat(60),
    ok: true,
    milliseconds: 61_234,
    detail: "repeated UTF-8 text",
    retries: 1,
  },
];

const REPORT: VerifyReport = {
  ok: false,
  url: "https://litellm-proxy-abc.a.run.app",
  litellmVersion: "1.99.0",
  modelCalls: 7,
  tokens: { input: 120, output: 34 },
  cost: { dollars: 0.00031412, calls: 5 },
  milliseconds: 3612,
  passed: 3,
  failed: 3,
  skipped: 1,
  results: RESULTS,
};

describe("the table", () => {
  const table = formatReport(REPORT, { colour: false, width: 80 });

  test("tells what was seen by check, and then what to do, each advice once", () => {
    expect(table).toMatchInlineSnapshot(`
      "https://litellm-proxy-abc.a.run.app
      ok    liveness             alive                                          38 ms
      ok    version              LiteLLM 1.99.0                                  8 ms
      FAIL  models                                                               9 ms
            missing: gemini-3.5-flash; not in the config: gemini-2.5-flash
      FAIL  chat                 gemini-4-argon                                115 ms
            Gemini answered 403 PERMISSION_DENIED: Permission denied on
            //aiplatform.googleapis.com/projects/my-project/locations/global/publishers/google/models/gemini-4-argon
            after 2 retries
      FAIL  chat                 gemini-3.8-flash                             1234 ms
            Gemini answered 403
      skip  chat                 gemini-3-pro
            not tried: see gemini-4-argon
      ok    stream               aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...  61234 ms
            after a retry

      version:
            Set a newer IMAGE.

      models:
            Deploy it:
            npx tsx scripts/deploy.ts dev

      chat gemini-4-argon, chat gemini-3.8-flash:
            litellmsa@my-project.iam.gserviceaccount.com needs roles/aiplatform.user.
            Deploying gives it, and so does:
            gcloud projects add-iam-policy-binding my-project \\
              --member=serviceAccount:litellmsa@my-project.iam.gserviceaccount.com \\
              --role=roles/aiplatform.user

      3 passed, 3 failed, 1 not tried, 3.6 s, 7 model calls, LiteLLM 1.99.0
      120 tokens in and 34 out, as LiteLLM reports them
      0.000314 US dollars by LiteLLM's price list, told of 5 of 7 calls"
    `);
  });

  test("fits into 80 columns and is plain text", () => {
    for (const line of table.split("\n")) {
      // A name stays whole: it is there to be copied.
      if (line.trim().includes(" ")) {
        expect(line.length).toBeLessThanOrEqual(80);
      }
      expect(line).toBe(line.trimEnd());
      expect(line).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  test("says why the rest was not tried", () => {
    const stopped = "LiteLLM does not answer";
    const text = formatReport(
      { ...REPORT, results: [], stopped },
      { colour: false, width: 80 },
    );
    expect(text).toContain("The rest was not tried: LiteLLM does not answer.");
  });

  test.each([
    [{ dollars: 0.0000002, calls: 1 }, "0.0000002 US dollars"],
    [{ dollars: 1.2345, calls: 7 }, "1.23 US dollars"],
    [{ dollars: 0, calls: 0 }, "LiteLLM told no price of these calls"],
  ])("tells the money of %o, and invents none", (cost, told) => {
    expect(
      formatReport({ ...REPORT, cost }, { colour: false, width: 80 }),
    ).toContain(`\n${told}`);
  });

  test("is the same in colour", () => {
    const coloured = formatReport(REPORT, { colour: true, width: 80 });
    expect(coloured).not.toBe(table);
    expect(stripVTControlCharacters(coloured)).toBe(table);
  });

  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: "" }, true],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
  ])("is in colour on %o with %o: %s", (stream, env, colour) => {
    expect(chooseStyle(stream, env)).toEqual({ colour, width: 80 });
  });
});

test("on a narrow terminal what was seen stands below the check, and no word is broken", () => {
  const lines = formatReport(REPORT, { colour: false, width: 40 }).split("\n");
  expect(lines.slice(1, 9)).toMatchInlineSnapshot(`
    [
      "ok    liveness                 38 ms",
      "      alive",
      "ok    version                   8 ms",
      "      LiteLLM 1.99.0",
      "FAIL  models                    9 ms",
      "      missing: gemini-3.5-flash; not in",
      "      the config: gemini-2.5-flash",
      "FAIL  chat                    115 ms",
    ]
  `);
  expect(chooseStyle({ isTTY: true, columns: 40 }, {}).width).toBe(40);
});

test("the JSON form is the report", () => {
  expect(JSON.parse(formatJson(REPORT))).toEqual(REPORT);
});

describe("a long line", () => {
  test("that is a command can still be pasted", () => {
    const command = `gcloud run x --member="user:$(gcloud config get account)" --role=roles/run.invoker`;
    const lines = wrapCommand(command, 40);
    expect(lines).toEqual([
      "gcloud run x \\",
      '  --member="user:$(gcloud config get account)" \\',
      "  --role=roles/run.invoker",
    ]);
  });
});
