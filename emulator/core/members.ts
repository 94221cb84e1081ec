import type { Cloud } from "./cloud.ts";
import { GoogleError } from "./google-error.ts";
import type { Policy } from "./policy.ts";
import { AGENT_DOMAINS } from "./service-agents.ts";

const PUBLIC = ["allUsers", "allAuthenticatedUsers"];

const TYPED =
  /^(user|serviceAccount|group|domain|principal|principalSet|deleted):(.+)$/;

/** Those who have a basic role on a project. */
const CONVENIENCE = /^project(Owner|Editor|Viewer):/;

/** Throws INVALID_ARGUMENT where Google refuses the member of a binding. */
export function requireMember(
  cloud: Cloud,
  member: string,
  current: Policy,
  takesPublic: boolean,
): void {
  if (PUBLIC.includes(member)) {
    if (takesPublic) return;
    throw refusal(
      `The member ${member} is of an unknown type. Please set a valid type prefix for the member.`,
    );
  }
  if (!/^[^:]+:.+$/.test(member)) {
    throw refusal('Policy members must be of the form "<type>:<value>".');
  }
  // Google grants those itself, on a new bucket.
  const given = current.bindings.some((b) => b.members.includes(member));
  if (given && CONVENIENCE.test(member)) return;
  const [, type, name = ""] = TYPED.exec(member) ?? [];
  if (type === undefined) {
    throw refusal(
      `The member ${member} is of an unknown type. Please set a valid type prefix for the member.`,
    );
  }
  if (type === "deleted") requireDeleted(cloud, member, current);
  if (type === "serviceAccount") requireServiceAccount(cloud, name);
  if (type === "user" && isServiceAccount(name)) {
    throw wrongType(name, "serviceAccount");
  }
}

function requireServiceAccount(cloud: Cloud, email: string): void {
  if (cloud.serviceAccount(email) !== undefined) return;
  if (isServiceAgent(cloud, email)) return;
  if (!isServiceAccount(email)) throw wrongType(email, "user");
  throw refusal(`Service account ${email} does not exist.`);
}

/** A deleted account stays in a policy but cannot be granted anything new. */
function requireDeleted(cloud: Cloud, member: string, current: Policy): void {
  if (current.bindings.some((b) => b.members.includes(member))) return;
  const [, email = member] =
    /^deleted:serviceAccount:([^?]+)/.exec(member) ?? [];
  throw refusal(`Service account ${email} does not exist.`);
}

/** Accounts that Google makes for its own services, e.g. `service-123@gcp-sa-aiplatform.iam.gserviceaccount.com`. */
function isServiceAgent(cloud: Cloud, email: string): boolean {
  const [, number = "", domain = ""] =
    /^(?:service-)?(\d+)@(gcp-sa-[a-z-]+\.iam|[a-z-]+\.iam|cloudservices|cloudbuild)\.gserviceaccount\.com$/.exec(
      email,
    ) ?? [];
  const project = cloud.findProject(number);
  const api = Object.keys(AGENT_DOMAINS).find(
    (one) => AGENT_DOMAINS[one] === domain,
  );
  if (project === undefined) return false;
  if (api !== undefined && project.serviceAgents.has(api)) return true;
  // Of an API that nobody enabled it is taken as made: when Google makes it then is not known.
  const enabled = api !== undefined && project.enabledApis.has(api);
  return !enabled || cloud.isEnabled(project, api);
}

function isServiceAccount(email: string): boolean {
  return /[.@]gserviceaccount\.com$/.test(email);
}

function wrongType(name: string, type: string): GoogleError {
  return refusal(
    `Account ${name} is of type "${type}". Please set the type prefix to be "${type}:".`,
  );
}

function refusal(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
