import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import schema from "../../config/litellm.schema.json" with { type: "json" };
import { SETS, withFiles, writeFiles } from "../support/config-sets.ts";
import { check, checkSet } from "../support/litellm-config.ts";
import { CASES, type Case } from "../support/litellm-cases.ts";
import {
  type Verdict,
  judgeConfigs,
  judgeFiles,
} from "../support/litellm-judge.ts";
import { mutated } from "../support/litellm-mutations.ts";
import { findPurpose } from "../support/litellm-on-purpose.ts";
import {
  RECORDED,
  drawSample,
  formatVerdicts,
} from "../support/litellm-sample.ts";

// The check against LiteLLM itself, in both directions. `--update=all` records
// what LiteLLM says of the sample that `npm test` goes through without Python.

const SEEDS = [20261127, 20261128, 20261129, 20261130];
const RUNS = 1000;
const HOUR = 3_600_000;
const STRATEGIES =
  schema.$defs.router_settings.properties.routing_strategy.enum;

/** Where the two do not agree, one line each. */
interface Disagreement {
  acceptedButFails: string[];
  refusedButRuns: string[];
  /** Refusals of what LiteLLM starts with, by the reason of the list. */
  onPurpose: Record<string, number>;
}

function compare(
  cases: readonly Case[],
  verdicts: readonly Verdict[],
): Disagreement {
  const found: Disagreement = {
    acceptedButFails: [],
    refusedButRuns: [],
    onPurpose: {},
  };
  for (const [index, { name, text, mode }] of cases.entries()) {
    const { reason = "no verdict", left_out = [] } = verdicts[index] ?? {};
    const errors = check(text, { mode })
      .findings.filter(({ severity }) => severity === "error")
      .map(({ message }) => message);
    const runs = reason === null && left_out.length === 0;
    if (errors.length === 0 && !runs) {
      const without = `starts without ${left_out.join(", ")}`;
      found.acceptedButFails.push(`${name}: ${reason ?? without}`);
    }
    for (const error of runs ? errors : []) {
      const entry = findPurpose(error);
      if (entry === undefined) found.refusedButRuns.push(`${name}: ${error}`);
      else {
        found.onPurpose[entry.why] = (found.onPurpose[entry.why] ?? 0) + 1;
      }
    }
  }
  console.log(JSON.stringify(found.onPurpose, undefined, 2));
  return found;
}

const AGREED = { acceptedButFails: [], refusedButRuns: [] };

test("LiteLLM itself judges the cases as the check does", async () => {
  const verdicts = await judgeConfigs(CASES.map(({ text }) => text));
  expect(compare(CASES, verdicts)).toEqual({ ...AGREED, onPurpose: {} });
}, 600_000);

test("LiteLLM itself judges several files as the check does", async () => {
  await withFiles({}, async (directory) => {
    const places = SETS.map((_, index) => path.join(directory, `set-${index}`));
    for (const [index, { files }] of SETS.entries()) {
      await writeFiles(places[index] ?? "", files);
    }
    const verdicts = await judgeFiles(
      places.map((place) => path.join(place, "config.yaml")),
    );
    const judged = SETS.map(({ what }, index) => ({
      what,
      accepted: checkSet(places[index] ?? "").config !== undefined,
      ...verdicts[index],
    }));
    expect(
      judged.filter(({ accepted, reason }) => accepted !== (reason === null)),
    ).toEqual([]);
  });
}, 600_000);

test.each(SEEDS)(
  `the check and LiteLLM agree on ${String(RUNS)} mutations (seed %s)`,
  async (seed) => {
    const cases = fc.sample(mutated, { numRuns: RUNS, seed });
    const verdicts = await judgeConfigs(cases.map(({ text }) => text));
    expect(compare(cases, verdicts)).toMatchObject(AGREED);
  },
  HOUR,
);

test("they agree on a null of each setting that the schema knows", async () => {
  const cases = listNulls();
  const verdicts = await judgeConfigs(cases.map(({ text }) => text));
  expect(compare(cases, verdicts)).toMatchObject(AGREED);
}, 600_000);

test("what npm test goes by is what LiteLLM says", async () => {
  const cases = drawSample();
  const verdicts = await judgeConfigs(cases.map(({ text }) => text));
  await expect(formatVerdicts(cases, verdicts)).toMatchFileSnapshot(RECORDED);
}, 600_000);

/** A config each, in which one setting is null and the rest is right. */
function listNulls(): Case[] {
  const sections = schema.$defs as object as Record<
    string,
    { properties?: object }
  >;
  const of = (part: string) => Object.keys(sections[part]?.properties ?? {});
  const params = {
    model: "vertex_ai/gemini-3.8-flash",
    vertex_project: "p",
    vertex_location: "global",
  };
  const write = (name: string, entry: object, more: object): Case => {
    const deployment = { model_name: "flash", litellm_params: params };
    const value = { model_list: [{ ...deployment, ...entry }], ...more };
    return { name, mode: "vertex", text: JSON.stringify(value) };
  };
  const parts = ["litellm_settings", "router_settings", "general_settings"];
  return [
    ...parts.flatMap((part) =>
      of(part).map((key) =>
        write(`${part}.${key}`, {}, { [part]: { [key]: null } }),
      ),
    ),
    ...of("litellm_params")
      .filter((key) => !(key in params))
      .map((key) =>
        write(key, { litellm_params: { ...params, [key]: null } }, {}),
      ),
    ...of("model_info").map((key) =>
      write(`model_info.${key}`, { model_info: { [key]: null } }, {}),
    ),
    // Nulls that LiteLLM looks at with another setting alone.
    ...STRATEGIES.map((strategy) =>
      write(
        `routing_strategy_args with ${strategy}`,
        {},
        {
          router_settings: {
            routing_strategy: strategy,
            routing_strategy_args: null,
          },
        },
      ),
    ),
  ];
}
