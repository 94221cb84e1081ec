import { isDeepStrictEqual } from "node:util";
import type { Deployment } from "../config-view.ts";
import type { Rule } from "../rule.ts";

/** The same deployment twice: it takes twice the share of the calls, and helps nobody. */
export const checkDuplicates: Rule = ({ deployments }) =>
  deployments.flatMap((deployment, index) => {
    const earlier = deployments
      .slice(0, index)
      .find((other) => isSame(deployment, other));
    if (earlier === undefined) return [];
    return [
      {
        severity: "error",
        path: deployment.path,
        message: `the same deployment of ${deployment.name} once more`,
        hint: "Remove one of the two, or let them differ (location, model, key).",
      },
    ];
  });

function isSame(a: Deployment, b: Deployment): boolean {
  return a.name === b.name && isDeepStrictEqual(a.params, b.params);
}
