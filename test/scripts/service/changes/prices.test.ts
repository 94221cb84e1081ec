import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { estimate } from "../../../../scripts/lib/service/changes/estimate.ts";
import {
  costOf,
  formatCost,
  readPrices,
} from "../../../../scripts/lib/service/changes/prices.ts";

// Round numbers: what Google asks is for the user to read.
const PRICES = `currency: EUR
document: https://example.com/prices
read: 2026-11-28
idle: { vcpuSecond: 0.000001, gibSecond: 0.000002 }
active: { vcpuSecond: 0.00001, gibSecond: 0.00002 }
millionRequests: 0.5
`;

const SIZES = { cpu: "1", memory: "2Gi", concurrency: "10", minInstances: "1" };

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "litellm-prices-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function written(text: string): Promise<string> {
  const file = path.join(directory, "prices.yaml");
  await writeFile(file, text);
  return file;
}

test("a month in money has what is kept up, and a load with the fee of its requests", async () => {
  const prices = readPrices(await written(PRICES));
  const month = estimate(SIZES, { requests: 2_000_000, seconds: 1 });
  // 2,592,000 s idle; 200,000 s to 2,000,000 s at work, and 1.00 of fees.
  expect(formatCost(costOf(month, prices))).toEqual([
    "  at rest   €12.96",
    "  at work   €11.00 to €101.00 more",
    "  by https://example.com/prices, read 2026-11-28; before any free tier",
  ]);
  expect(costOf(estimate(SIZES, undefined), prices).load).toBeNull();
});

test.each([
  ["currency: EUR", "currency: €", "currency: expected a currency"],
  ["read: 2026-11-28", "read: today", "read: expected the day"],
  ["document: https://example.com/prices\n", "", "document: expected the page"],
  ["vcpuSecond: 0.00001,", "", "active.vcpuSecond: expected a price"],
  ["0.5", "-0.5", "millionRequests: expected a price"],
  ["currency: EUR", "{", "cannot be read"],
])("%j in place of %j is refused", async (right, wrong, message) => {
  const file = await written(PRICES.replace(right, wrong));
  expect(() => readPrices(file)).toThrow(message);
});

test("a file that is not there is named", () => {
  expect(() => readPrices("/nowhere/prices.yaml")).toThrow(
    "--prices=/nowhere/prices.yaml cannot be read",
  );
});
