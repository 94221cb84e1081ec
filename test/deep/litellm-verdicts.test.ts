import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { SETS, withFiles, writeFiles } from "../support/config-sets.ts";
import { check, checkSet } from "../support/litellm-config.ts";
import { CASES } from "../support/litellm-cases.ts";
import { judgeConfigs, judgeFiles } from "../support/litellm-judge.ts";
import { mutated } from "../support/litellm-mutations.ts";

const SEED = 20261127;
const RUNS = 1000;

test("LiteLLM itself judges the cases as the check does", async () => {
  const reasons = await judgeConfigs(CASES.map(({ text }) => text));
  const verdicts = CASES.map(({ name, text, mode }, index) => ({
    name,
    accepted: check(text, { mode }).config !== undefined,
    reason: reasons[index],
  }));
  expect(
    verdicts.filter(({ accepted, reason }) => accepted !== (reason === null)),
  ).toEqual([]);
}, 600_000);

test("LiteLLM itself judges several files as the check does", async () => {
  await withFiles({}, async (directory) => {
    const places = SETS.map((_, index) => path.join(directory, `set-${index}`));
    for (const [index, { files }] of SETS.entries()) {
      await writeFiles(places[index] ?? "", files);
    }
    const reasons = await judgeFiles(
      places.map((place) => path.join(place, "config.yaml")),
    );
    const verdicts = SETS.map(({ what }, index) => ({
      what,
      accepted: checkSet(places[index] ?? "").config !== undefined,
      reason: reasons[index],
    }));
    expect(
      verdicts.filter(({ accepted, reason }) => accepted !== (reason === null)),
    ).toEqual([]);
  });
}, 600_000);

// The check also refuses what LiteLLM starts with, where calls would fail or
// keys would leak; so that direction is printed, with the check's reason.
test(`LiteLLM starts with what the check accepts (${RUNS} mutations, seed ${SEED})`, async () => {
  const cases = fc.sample(mutated, { numRuns: RUNS, seed: SEED });
  const reasons = await judgeConfigs(cases.map(({ text }) => text));
  const acceptedButFails: string[] = [];
  const refusedButRuns: string[] = [];
  for (const [index, { name, text, mode }] of cases.entries()) {
    const { config, findings } = check(text, { mode });
    const reason = reasons[index];
    if (config !== undefined && reason !== null) {
      acceptedButFails.push(`${name}: ${reason}`);
    }
    const error = findings.find(({ severity }) => severity === "error");
    if (error !== undefined && reason === null) {
      refusedButRuns.push(`${name}: ${error.message}`);
    }
  }
  console.log(
    `accepted but fails: ${acceptedButFails.length}\nrefused but runs: ${refusedButRuns.length}\n${refusedButRuns.join("\n")}`,
  );
  expect(acceptedButFails).toEqual([]);
}, 1_800_000);
