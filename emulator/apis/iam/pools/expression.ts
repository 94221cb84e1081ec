import { GoogleError } from "../../../core/google-error.ts";

/** What a token of an identity provider says of its bearer. */
export type Claims = Record<string, unknown>;

const CLAIM = /^assertion\.(\w+)$/;
const EQUALITY = /^assertion\.(\w+) *== *'([^'\\]*)'$/;

/** GitHub serves everybody: without a condition anybody's repository would do. */
const SHARED_ISSUERS = ["https://token.actions.githubusercontent.com"];

/** Throws where a mapping or a condition is refused, or says more than is understood here: claims, and equalities joined by `&&`. */
export function requireExpressions(provider: {
  attributeMapping: Record<string, string>;
  attributeCondition: string;
  issuerUri: string;
}): void {
  const { attributeMapping, attributeCondition, issuerUri } = provider;
  if (attributeMapping["google.subject"] === undefined) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "The attribute mapping must include google.subject.",
    );
  }
  for (const expression of Object.values(attributeMapping)) {
    if (!CLAIM.test(expression)) throw uncovered(expression);
  }
  for (const part of partsOf(attributeCondition)) {
    if (!EQUALITY.test(part)) throw uncovered(part);
  }
  if (SHARED_ISSUERS.includes(issuerUri) && attributeCondition === "") {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      "The attribute condition must reference one of the provider's claims.",
    );
  }
}

/** Whether a token with these claims may be exchanged. */
export function isMet(attributeCondition: string, claims: Claims): boolean {
  return partsOf(attributeCondition).every((part) => {
    const [, claim = "", text] = EQUALITY.exec(part) ?? [];
    return claims[claim] === text;
  });
}

/** `google.subject` and `attribute.…` by their values; one whose claim is missing is left out. */
export function mapClaims(
  attributeMapping: Record<string, string>,
  claims: Claims,
): Map<string, string> {
  const mapped = new Map<string, string>();
  for (const [attribute, expression] of Object.entries(attributeMapping)) {
    const value = claims[CLAIM.exec(expression)?.[1] ?? ""];
    if (typeof value === "string") mapped.set(attribute, value);
  }
  return mapped;
}

function partsOf(condition: string): string[] {
  if (condition === "") return [];
  return condition.split("&&").map((part) => part.trim());
}

function uncovered(expression: string): GoogleError {
  // Not UNIMPLEMENTED: gcloud would repeat the request for half a minute.
  return new GoogleError(
    "INVALID_ARGUMENT",
    `The emulated Google Cloud does not cover the expression ${expression}.`,
  );
}
