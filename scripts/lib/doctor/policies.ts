import { describeOrgPolicy } from "../google/commands/org-policies.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { Settings } from "../settings/settings.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** A rule of an organisation policy (orgpolicy v2, `PolicySpec.PolicyRule`). */
export interface PolicyRule {
  enforce?: boolean;
  allowAll?: boolean;
  denyAll?: boolean;
  values?: { allowedValues?: string[]; deniedValues?: string[] };
}

type Verdict = "allowed" | "forbidden" | "unclear";

/** Policies that can forbid what a deploy does (docs, "Organization policy constraints"; Cloud Run docs, "Allowing public access"). */
export const CONSTRAINTS = [
  "run.managed.requireInvokerIam",
  "run.allowedIngress",
  "gcp.resourceLocations",
] as const;

export type Constraint = (typeof CONSTRAINTS)[number];

/** `fresh`: secrets are still to be made, so that where they lie matters. */
export function judgePolicy(
  constraint: Constraint,
  rules: readonly PolicyRule[],
  settings: Settings,
  fresh: boolean,
): Finding {
  const mend = mendOf(constraint, settings);
  const asked = listAsked(constraint, settings, fresh);
  const verdicts = asked.map((value) => ({
    value,
    verdict:
      constraint === "run.managed.requireInvokerIam"
        ? judgeEnforced(rules)
        : judgeValue(value, rules, constraint === "gcp.resourceLocations"),
  }));
  const show = formatCommand(describeOrgPolicy(settings, constraint));
  const of = (verdict: Verdict): string =>
    verdicts
      .filter((one) => one.verdict === verdict)
      .map(({ value }) => value)
      .join(", ");
  const forbidden = of("forbidden");
  if (forbidden !== "") {
    return problem(constraint, `forbids ${forbidden}`, mend, show);
  }
  const unclear = of("unclear");
  if (unclear !== "") {
    return warning(
      constraint,
      `names groups of places: see whether ${unclear} is among them`,
      show,
    );
  }
  const allowed = of("allowed");
  return ok(
    constraint,
    allowed === "" ? "asks nothing of this env" : `allows ${allowed}`,
  );
}

function listAsked(
  constraint: Constraint,
  settings: Settings,
  fresh: boolean,
): string[] {
  const { access, ingress, region, secretLocations } = settings;
  switch (constraint) {
    case "run.managed.requireInvokerIam":
      return access === "public" ? ["ACCESS=public"] : [];
    case "run.allowedIngress":
      return [ingress];
    case "gcp.resourceLocations":
      // "can only be created if resource creation in global is allowed" (Secret Manager docs, "Choose a replication policy").
      return [
        ...new Set([
          region,
          ...(fresh
            ? secretLocations.length === 0
              ? ["global"]
              : secretLocations
            : []),
        ]),
      ];
  }
}

function mendOf(constraint: Constraint, { env }: Settings): string {
  const others = "or ask whoever administers the organisation.";
  switch (constraint) {
    case "run.managed.requireInvokerIam":
      return `Set ACCESS=iam in envs/${env}.env, ${others}`;
    case "run.allowedIngress":
      return `Set another INGRESS in envs/${env}.env, ${others}`;
    case "gcp.resourceLocations":
      return `Set REGION (for global: SECRET_LOCATIONS) in envs/${env}.env, ${others}`;
  }
}

function judgeEnforced(rules: readonly PolicyRule[]): Verdict {
  return rules.some(({ enforce }) => enforce === true)
    ? "forbidden"
    : "allowed";
}

function judgeValue(
  value: string,
  rules: readonly PolicyRule[],
  isPlace: boolean,
): Verdict {
  if (rules.some(({ denyAll }) => denyAll === true)) return "forbidden";
  const denied = rules.flatMap(({ values }) => values?.deniedValues ?? []);
  const allowed = rules.flatMap(({ values }) => values?.allowedValues ?? []);
  const isIn = (names: readonly string[]): Verdict => {
    const verdicts = names.map((name) => covers(name, value, isPlace));
    return (
      verdicts.find((v) => v === "allowed") ??
      verdicts.find((v) => v === "unclear") ??
      "forbidden"
    );
  };
  if (denied.length > 0) {
    const verdict = isIn(denied);
    if (verdict === "allowed") return "forbidden";
    if (verdict === "unclear") return "unclear";
  }
  return allowed.length === 0 ? "allowed" : isIn(allowed);
}

/** Groups that hold the regions of this first word, and no others. */
const CONTINENTS = [
  "africa",
  "asia",
  "australia",
  "europe",
  "southamerica",
  "us",
];

/**
 * Whether a policy's value stands for a place: itself, `in:us-central1-locations`, or `in:us-locations` (Resource Manager
 * docs, "Restricting resource locations"). What another group holds (`in:eu-locations`) it does not say.
 */
function covers(name: string, value: string, isPlace: boolean): Verdict {
  if (name === value || name === `is:${value}`) return "allowed";
  const group = /^in:(.+)-locations$/.exec(name)?.[1];
  if (!isPlace || group === undefined) return "forbidden";
  if (group === value || group === value.split("-")[0]) return "allowed";
  const isKnown = /\d$/.test(group) || CONTINENTS.includes(group);
  return isKnown || value === "global" ? "forbidden" : "unclear";
}
