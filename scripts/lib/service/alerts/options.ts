import { InputError } from "../../cli/errors.ts";
import type { Arguments } from "../../cli/run-script.ts";

/** What stands in gcloud's list of labels as it is: no comma, no equals sign. */
const EMAIL = /^[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** The address of `--alerts=EMAIL`; undefined: nobody asked. Throws InputError for what is none. */
export function parseAlerts(
  args: Pick<Arguments, "value" | "flag">,
): string | undefined {
  const email = args.value("alerts");
  if (email !== undefined && args.flag("remove")) {
    throw new InputError(
      "--alerts makes alerts, --remove takes them away: give one of them",
    );
  }
  if (email === undefined || EMAIL.test(email)) return email;
  throw new InputError(`--alerts=${email}: expected one e-mail address`, {
    hint: "For several people: the address of a group.",
  });
}

/** Of a budget; no currency: that of the billing account. */
export interface Amount {
  /** Whole ones, as Google's JSON has them. */
  units: string;
  currency: string;
}

/** The amount of `--budget=AMOUNT[CURRENCY]`; undefined: nobody asked. Whole units: gcloud (528) sends `.75` as 75 billionths. */
export function parseBudget(
  args: Pick<Arguments, "value" | "flag">,
): Amount | undefined {
  const budget = args.value("budget");
  if (budget === undefined) return undefined;
  if (args.value("alerts") === undefined) {
    throw new InputError(
      "--budget needs --alerts=EMAIL: the budget is told to the same address",
    );
  }
  const [, units, currency = ""] =
    /^([1-9]\d{0,11})([A-Z]{3})?$/.exec(budget) ?? [];
  if (units !== undefined) return { units, currency };
  throw new InputError(
    `--budget=${budget}: expected a whole amount a month, with a currency or without`,
    {
      hint: "--budget=100, in the currency of the billing account, or --budget=100EUR",
    },
  );
}
