import type { Command } from "../gcloud.ts";
import { type InProject, inProject } from "../places.ts";

/** What holds in a project after all that lies above it: for the operator to run. */
export function describeOrgPolicy(
  place: InProject,
  constraint: string,
): Command {
  return {
    args: [
      ...["org-policies", "describe", constraint, "--effective"],
      inProject(place),
    ],
  };
}
