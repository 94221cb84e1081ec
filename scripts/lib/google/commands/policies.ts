import type { Command } from "../gcloud.ts";
import { type InProject, inProject } from "../places.ts";
import type { Grant } from "../policy.ts";

type Verb = "add-iam-policy-binding" | "remove-iam-policy-binding";

export function addGrant(grant: Grant): Command {
  return changePolicy(grant, "add-iam-policy-binding");
}

export function removeGrant(grant: Grant): Command {
  return changePolicy(grant, "remove-iam-policy-binding");
}

/** Lets somebody hand out one role in a project and no other (IAM docs, "Set limits on granting roles"): for the operator to run. */
export function letGrant(
  place: InProject,
  member: string,
  role: string,
): Command {
  const name = role.replace(/^roles\//, "").replaceAll(".", "-");
  const expression = `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['${role}'])`;
  return command("projects", "add-iam-policy-binding", place.projectId, [
    `--member=${member}`,
    "--role=roles/resourcemanager.projectIamAdmin",
    `--condition=^;^title=only-${name};expression=${expression}`,
  ]);
}

function changePolicy({ on, role, member }: Grant, verb: Verb): Command {
  const binding = [`--member=${member}`, `--role=${role}`];
  const project = inProject(on);
  const quiet = "--format=none";
  switch (on.kind) {
    case "project":
      return command("projects", verb, on.projectId, [
        ...binding,
        "--condition=None",
        quiet,
      ]);
    case "account":
      return command("iam service-accounts", verb, on.email, [
        ...binding,
        "--condition=None",
        project,
        quiet,
      ]);
    case "secret":
      return command("secrets", verb, on.name, [...binding, project, quiet]);
    case "service":
      return command("run services", verb, on.name, [
        ...binding,
        `--region=${on.region}`,
        project,
        quiet,
      ]);
    case "repository":
      return command("artifacts repositories", verb, on.name, [
        ...binding,
        `--location=${on.region}`,
        project,
        quiet,
      ]);
    case "bucket":
      return command("storage buckets", verb, `gs://${on.name}`, [
        ...binding,
        project,
        quiet,
      ]);
  }
}

function command(
  group: string,
  verb: Verb,
  name: string,
  flags: string[],
): Command {
  return { args: [...group.split(" "), verb, name, ...flags] };
}
