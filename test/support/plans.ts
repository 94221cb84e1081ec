import { type Plan, stepsOf } from "../../scripts/lib/plan/step.ts";

/** The first line of each step's preview. An empty line parts groups; "then" follows in its lane. */
export function previewPlan<Effects>(plan: Plan<Effects>): string {
  return plan
    .map((group) =>
      group
        .map((lane) =>
          stepsOf([[lane]])
            .map((step) => step.preview.split("\n")[0])
            .join("\n  then "),
        )
        .join("\n"),
    )
    .join("\n\n");
}
