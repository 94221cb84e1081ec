import type { Command } from "../gcloud.ts";
import { type InProject, inProject } from "../places.ts";

// One builder a gcloud command, a file a Google noun: it returns the arguments
// and runs nothing. Hints take their commands from here too.

/** Makes the agent of an API where Google has not made it yet (IAM docs, "Create and grant roles to service agents"). */
export function createServiceAgent(place: InProject, api: string): Command {
  return {
    args: [
      "beta services identity create".split(" "),
      `--service=${api}`,
      inProject(place),
      "--format=none",
    ].flat(),
  };
}

export function enableApis(place: InProject, apis: readonly string[]): Command {
  return { args: ["services", "enable", ...apis, inProject(place)] };
}
