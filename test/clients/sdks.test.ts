import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import type { VerifyReport } from "../../scripts/lib/verify/target.ts";
import { type ClientGateway, startClientGateway } from "./gateway.ts";
import {
  ALWAYS,
  HELLO,
  type Report,
  SDKS,
  type Sdk,
  expectedOf,
  toRow,
} from "./sdks.ts";

/** So long a stream of the model that every program asks may be silent before LiteLLM writes a comment line into it. */
const PING_SECONDS = 3;
/** Has no such line. */
const WITHOUT_PINGS = "gemini-3.1-flash-lite";
/** As shipped. */
const OTHER_MODEL = "gemini-3.5-flash-lite";

let gateway: ClientGateway;
beforeAll(async () => {
  gateway = await startClientGateway((config) =>
    [
      { model: "gemini-3.5-flash", seconds: PING_SECONDS },
      { model: WITHOUT_PINGS, seconds: 0 },
    ].reduce(
      (text, { model, seconds }) =>
        text.replace(
          `model: vertex_ai/${model}\n`,
          `$&      keepalive_seconds: ${seconds}\n`,
        ),
      config,
    ),
  );
}, 300_000);
afterAll(() => gateway.close());

const DOCUMENT = path.resolve(import.meta.dirname, "../../docs/clients.md");
const DOCUMENTED = readFileSync(DOCUMENT, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.split("|").slice(1, -1))
  .map((cells) => cells.map((cell) => cell.trim()));

test.each(SDKS.map((sdk) => [sdk.name, sdk] as const))(
  "%s does what docs/clients.md says of it",
  async (name, sdk) => {
    const report = await run(sdk);
    const names = Object.keys(report);
    expect(names).toEqual(expect.arrayContaining(ALWAYS));
    const expected = expectedOf(sdk);
    expect(report).toEqual(
      Object.fromEntries(names.map((name) => [name, expected[name]])),
    );
    const row = DOCUMENTED.find(([client]) => client === name);
    expect(row).toEqual(toRow(sdk, report));
  },
);

/** Of Google's own parser, which takes a comment line for JSON. */
const TAKES_NO_PINGS = "google-genai for Python";

test(`each but ${TAKES_NO_PINGS} takes the pings of a stream that is silent at first`, async () => {
  const { faults } = geminiOf(gateway.emulator.cloud);
  faults.delayMs = PING_SECONDS * 1000 + 500;
  try {
    const said = await Promise.all(
      SDKS.map(async (sdk) => {
        const { stream } = await run(sdk, "stream");
        return [sdk.name, stream] as const;
      }),
    );
    expect(Object.fromEntries(said)).toEqual({
      ...Object.fromEntries(SDKS.map(({ name }) => [name, HELLO])),
      [TAKES_NO_PINGS]: expect.stringContaining(": ping") as unknown,
    });
    const quiet = await askPython(WITHOUT_PINGS);
    expect(quiet.stream).toContain(`This is ${WITHOUT_PINGS}`);
  } finally {
    faults.delayMs = 0;
  }
});

test("the shipped config disturbs no stream before 45 seconds, and keeps one alive after them", async () => {
  const { faults } = geminiOf(gateway.emulator.cloud);
  try {
    faults.delayMs = 20_000;
    const early = await askPython(OTHER_MODEL);
    expect(early.stream).toContain(`This is ${OTHER_MODEL}`);
    faults.delayMs = 46_000;
    const messages = [{ role: "user", content: "Say hello." }];
    const body = { model: OTHER_MODEL, stream: true, messages };
    const late = await gateway.runAs(
      "curl",
      "openai-node-7",
      `curl -sN "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" -d '${JSON.stringify(body)}'`,
    );
    expect(late.stdout).toMatch(/^: ping\n\ndata: /);
    expect(late.stdout).toMatch(/data: \[DONE\]\s*$/);
  } finally {
    faults.delayMs = 0;
  }
}, 300_000);

async function askPython(model: string): Promise<Report> {
  const sdk = SDKS.find(({ name }) => name === TAKES_NO_PINGS);
  if (sdk === undefined) throw new Error(`${TAKES_NO_PINGS} is not there`);
  return run(sdk, "stream", `MODEL=${model}`);
}

async function run(sdk: Sdk, what = "", variables = ""): Promise<Report> {
  const { stdout, stderr, exitCode } = await gateway.runAs(
    sdk.settings,
    sdk.folder,
    `${variables} ${sdk.program} ${what}`,
  );
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

test("verify finds nothing wrong in any protocol, and connect --check in a client's", async () => {
  const { workspace } = gateway;
  const verified = await workspace.script("verify.ts", ["local", "--json"]);
  expect(verified.stderr).not.toContain("FAIL");
  const report = JSON.parse(verified.stdout) as VerifyReport;
  expect(report).toMatchObject({ ok: true, skipped: 0 });
  const vectors = report.results.find(({ check }) => check === "embeddings");
  expect(vectors?.hint).toContain("numbers where base64 is asked for");
  const args = ["local", "claude", "--check"];
  const { stdout, stderr, exitCode } = await workspace.script(
    "connect.ts",
    args,
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain("ANTHROPIC_BASE_URL");
  for (const model of ["gemini-4-argon", "gemini-3.1-flash-lite"]) {
    expect(stderr).toMatch(new RegExp(`ok +messages-tool-turn +${model}`));
  }
});
