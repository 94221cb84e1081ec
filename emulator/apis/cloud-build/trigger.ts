import { randomUUID } from "node:crypto";
import type { Cloud, Member } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import type { Place } from "./context.ts";
import { requireActAs } from "./require-act-as.ts";
import type { SentTrigger } from "./trigger-requests.ts";
import { type Trigger, buildingOf } from "./state.ts";

const REPOSITORY =
  /^projects\/([^/]+)\/locations\/([^/]+)\/connections\/[^/]+\/repositories\/[^/]+$/;

/** Throws INVALID_ARGUMENT, ALREADY_EXISTS, NOT_FOUND, PERMISSION_DENIED. */
export function createTrigger(
  cloud: Cloud,
  place: Place,
  sent: SentTrigger,
  caller: Member,
): Trigger {
  const { name = "", filename = "", repositoryEventConfig, github } = sent;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
    throw invalid(`invalid trigger name "${name}"`);
  }
  const { triggers } = buildingOf(cloud);
  const prefix = `${place.parent}/triggers/`;
  const taken = [...triggers].some(
    ([key, other]) => key.startsWith(prefix) && other.name === name,
  );
  if (taken) {
    throw new GoogleError(
      "ALREADY_EXISTS",
      `trigger named ${name} already exists in project ${place.project.projectId}`,
    );
  }
  if (filename === "") {
    throw invalid("The emulated Cloud Build needs the name of a build file.");
  }
  const event = repositoryEventConfig ?? github;
  if (event === undefined || (event.push ?? event.pullRequest) === undefined) {
    throw invalid(
      "The emulated Cloud Build covers triggers on pushes and pull requests of a connected repository.",
    );
  }
  requirePattern(event.push?.branch ?? event.pullRequest?.branch);
  if (repositoryEventConfig !== undefined) {
    requireRepository(repositoryEventConfig.repository ?? "", place);
  }
  const { serviceAccount } = sent;
  if (serviceAccount !== undefined) {
    const email = serviceAccount.slice(serviceAccount.lastIndexOf("/") + 1);
    requireActAs(cloud, email, caller);
  }
  const id = randomUUID();
  const createTime = new Date().toISOString();
  return { ...sent, name, id, createTime, resourceName: `${prefix}${id}` };
}

/** Whether a push to a branch, or a pull request against it, sets the trigger off. */
export function matches(
  trigger: Trigger,
  branch: string,
  pullRequest: boolean,
): boolean {
  const { push, pullRequest: ofPulls } =
    trigger.repositoryEventConfig ?? trigger.github ?? {};
  const filter = pullRequest ? ofPulls : push;
  if (trigger.disabled === true || filter?.branch === undefined) return false;
  const found = new RegExp(filter.branch).test(branch);
  return filter.invertRegex === true ? !found : found;
}

/** `OWNER/NAME` as far as it is known. */
export function repositoryOf(trigger: Trigger): string {
  const { repositoryEventConfig, github } = trigger;
  if (github !== undefined) return `${github.owner ?? ""}/${github.name ?? ""}`;
  return repositoryEventConfig?.repository?.split("/").at(-1) ?? "";
}

/** A connection lives in a region, and so does its trigger. Whether it was made is not asked: that takes a browser. */
function requireRepository(name: string, { location }: Place): void {
  const [, , region] = REPOSITORY.exec(name) ?? [];
  if (region === undefined) throw invalid(`invalid repository name "${name}"`);
  if (region === location) return;
  throw invalid(
    `repository ${name} is in location ${region}, but the trigger is in ${location}`,
  );
}

function requirePattern(pattern: string | undefined): void {
  try {
    new RegExp(pattern ?? "");
  } catch {
    throw invalid(`invalid regular expression "${pattern ?? ""}"`);
  }
}

function invalid(text: string): GoogleError {
  return new GoogleError("INVALID_ARGUMENT", text);
}
