import type { Command } from "../gcloud.ts";
import { type InProject, inProject } from "../places.ts";

// One builder a gcloud command, a file a Google noun: it returns the arguments
// and runs nothing. Hints take their commands from here too.

export function enableApis(place: InProject, apis: readonly string[]): Command {
  return { args: ["services", "enable", ...apis, inProject(place)] };
}
