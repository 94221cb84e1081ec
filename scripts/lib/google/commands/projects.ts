import type { Command } from "../gcloud.ts";
import type { InProject } from "../places.ts";

// For the operator to run.

export function listProjects(): Command {
  return { args: ["projects", "list"] };
}

/** Within thirty days of its deletion. */
export function undeleteProject({ projectId }: InProject): Command {
  return { args: ["projects", "undelete", projectId] };
}

/** ACCOUNT is theirs to fill in. */
export function linkBilling({ projectId }: InProject): Command {
  return {
    args: [
      "billing",
      "projects",
      "link",
      projectId,
      "--billing-account=ACCOUNT",
    ],
  };
}
