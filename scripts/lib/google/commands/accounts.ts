import type { Command } from "../gcloud.ts";
import { type InProject, inProject } from "../places.ts";

export interface NewAccount {
  /** Without `@…`. */
  name: string;
  displayName: string;
  description: string;
}

export function createAccount(
  place: InProject,
  { name, displayName, description }: NewAccount,
): Command {
  return account(
    place,
    "create",
    name,
    `--display-name=${displayName}`,
    `--description=${description}`,
  );
}

export function describeAccountAs(
  place: InProject,
  email: string,
  description: string,
): Command {
  return account(place, "update", email, `--description=${description}`);
}

export function deleteAccount(place: InProject, email: string): Command {
  const { args } = account(place, "delete", email);
  return { args: [...args, "--quiet"] };
}

/** For the operator to run. */
export function enableAccount(place: InProject, email: string): Command {
  return account(place, "enable", email);
}

/** For the operator to run. */
export function describeAccount(place: InProject, email: string): Command {
  return account(place, "describe", email);
}

function account(
  place: InProject,
  verb: string,
  name: string,
  ...flags: string[]
): Command {
  return {
    args: ["iam", "service-accounts", verb, name, ...flags, inProject(place)],
  };
}
