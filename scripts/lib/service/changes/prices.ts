import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { InputError } from "../../cli/errors.ts";
import { whereCalled } from "../../cli/where-called.ts";
import { asMapping, isMapping } from "../../litellm-config/config-view.ts";
import type { Estimate, Usage } from "./estimate.ts";

/** What Cloud Run bills a unit at, in a file of the user's: none is shipped, since prices change and differ by region. */
export interface Prices {
  /** Three letters of ISO 4217. */
  currency: string;
  /** The page that they were read in, and the day (YYYY-MM-DD). */
  document: string;
  read: string;
  /** A unit of an instance that MIN_INSTANCES keeps up and that works on nothing. */
  idle: UnitPrices;
  /** A unit of an instance that works on requests. */
  active: UnitPrices;
  millionRequests: number;
}

interface UnitPrices {
  vcpuSecond: number;
  gibSecond: number;
}

/** What a month costs, in the currency of the prices, before any free tier. */
export interface Cost {
  currency: string;
  document: string;
  read: string;
  idle: number;
  load: { least: number; most: number } | null;
}

/** Throws InputError for a file that cannot be read or lacks a price. */
export function readPrices(file: string): Prices {
  const value = readYaml(file);
  const wrong = (name: string, expected: string) =>
    new InputError(`--prices=${file}: ${name}: expected ${expected}`, {
      hint: "What a price file holds: docs/commands.md, plan",
    });
  const text = (name: string, pattern: RegExp, expected: string): string => {
    const one = value[name];
    if (typeof one === "string" && pattern.test(one)) return one;
    throw wrong(name, expected);
  };
  const price = (path: string): number => {
    const one = path
      .split(".")
      .reduce<unknown>((within, member) => asMapping(within)[member], value);
    if (typeof one === "number" && one >= 0) return one;
    throw wrong(path, "a price, as a number");
  };
  const units = (name: string): UnitPrices => ({
    vcpuSecond: price(`${name}.vcpuSecond`),
    gibSecond: price(`${name}.gibSecond`),
  });
  return {
    currency: text("currency", /^[A-Z]{3}$/, "a currency, such as USD"),
    document: text("document", /\S/, "the page that the prices were read in"),
    read: text("read", /^\d{4}-\d\d-\d\d$/, "the day that they were read on"),
    idle: units("idle"),
    active: units("active"),
    millionRequests: price("millionRequests"),
  };
}

export function costOf({ idle, load }: Estimate, prices: Prices): Cost {
  const { currency, document, read } = prices;
  const fees =
    load === null ? 0 : (load.requests / 1_000_000) * prices.millionRequests;
  const atWork = (usage: Usage) => worth(usage, prices.active) + fees;
  return {
    currency,
    document,
    read,
    idle: worth(idle, prices.idle),
    load: load && { least: atWork(load.least), most: atWork(load.most) },
  };
}

export function formatCost({ currency, idle, load, ...from }: Cost): string[] {
  const money = (amount: number) =>
    amount.toLocaleString("en", { style: "currency", currency });
  return [
    `  at rest   ${money(idle)}`,
    ...(load
      ? [`  at work   ${money(load.least)} to ${money(load.most)} more`]
      : []),
    `  by ${from.document}, read ${from.read}; before any free tier`,
  ];
}

function worth({ vcpuSeconds, gibSeconds }: Usage, unit: UnitPrices): number {
  return vcpuSeconds * unit.vcpuSecond + gibSeconds * unit.gibSecond;
}

function readYaml(file: string): Record<string, unknown> {
  try {
    const value: unknown = parse(readFileSync(whereCalled(file), "utf8"));
    if (isMapping(value)) return value;
    throw new Error("it holds no mapping");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`--prices=${file} cannot be read: ${reason}`);
  }
}
