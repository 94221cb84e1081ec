/** `R` of `…/releases/R`. */
export function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** What the resource lies in: `…/releases/R` of `…/releases/R/rollouts/X`. */
export function parentOf(name: string): string {
  return name.split("/").slice(0, -2).join("/");
}

/** The pipeline of a release, rollout, job run or automation. */
export function pipelineOf(name: string): string {
  return name.split("/").slice(0, 6).join("/");
}

/** `P` and `L` of `projects/P/locations/L/…`. */
export function placeOf(name: string): { project: string; location: string } {
  const [, project = "", , location = ""] = name.split("/");
  return { project, location };
}

/** The target of that id beside a resource. */
export function targetName(beside: string, targetId: string): string {
  const { project, location } = placeOf(beside);
  return `projects/${project}/locations/${location}/targets/${targetId}`;
}
