import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf, noFaults } from "../../emulator/apis/gemini/state.ts";
import {
  type LitellmGround,
  grantVertexRole,
  revokeVertexRole,
  startLitellmGround,
} from "../support/litellm-instance.ts";
import { MASTER_KEY } from "../support/litellm-double.ts";
import { judgeConfigs } from "../support/litellm-judge.ts";
import { ON_PURPOSE, type Shown } from "../support/litellm-on-purpose.ts";

// What the check refuses although LiteLLM starts: LiteLLM starts with it, and its
// answers show why that helps nobody.

let ground: LitellmGround;

beforeAll(async () => {
  ground = await startLitellmGround();
}, 300_000);
afterAll(() => ground.close());

test("LiteLLM starts with each of them", async () => {
  const verdicts = await judgeConfigs(
    ON_PURPOSE.map(({ example }) => example.text),
  );
  expect(
    ON_PURPOSE.map(({ says }, index) => [says, verdicts[index]]).filter(
      ([, verdict]) =>
        JSON.stringify(verdict) !==
        JSON.stringify({ reason: null, left_out: [] }),
    ),
  ).toEqual([]);
}, 300_000);

const CALLS = ON_PURPOSE.flatMap(({ says, example, shown }) =>
  typeof shown === "string" ? [] : [{ says, example, shown }],
);

test.each(CALLS)(
  "a call shows it: $says",
  async ({ example, shown }) => {
    const { url, instance } = await ground.start({
      config: example.text,
      masterKey: MASTER_KEY,
    });
    const gemini = geminiOf(ground.cloud);
    try {
      if (example.mode === "apikey") revokeVertexRole(ground.cloud);
      if (shown.failing !== undefined) {
        gemini.faults = { ...noFaults(), status: 503, models: [shown.failing] };
      }
      expect(await ask(url, shown)).toEqual([
        shown.status,
        typeof shown.says === "string"
          ? expect.stringContaining(shown.says)
          : expect.stringMatching(shown.says),
      ]);
    } finally {
      grantVertexRole(ground.cloud);
      gemini.faults = noFaults();
      await instance.stop();
    }
  },
  120_000,
);

async function ask(
  url: string,
  { path, body }: Shown,
): Promise<[number, string]> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${MASTER_KEY}`,
      "content-type": "application/json",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return [response.status, await response.text()];
}
