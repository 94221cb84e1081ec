import { stringify } from "yaml";
import type { Command } from "../gcloud.ts";
import { type InProject, formatPairs, inProject } from "../places.ts";

/** Labels that a user gives; Google's own are called otherwise. */
export type UserLabels = Readonly<Record<string, string>>;

/** An uptime check of one address, over HTTPS. */
export interface UptimeCheck {
  displayName: string;
  host: string;
  path: string;
  /** 1, 5, 10 or 15. */
  minutes: number;
  userLabels: UserLabels;
}

/** Where Google asks from: three places are the fewest that it takes. gcloud sends the labels of a check only beside its regions (528 to 578). */
const REGIONS = ["usa-iowa", "europe", "asia-pacific"];

/** Seconds; the most that a check waits. */
export const CHECK_TIMEOUT = 60;

export function createChannel(
  place: InProject,
  made: { displayName: string; email: string; userLabels: UserLabels },
): Command {
  return channels(place, "create", [
    `--display-name=${made.displayName}`,
    "--type=email",
    `--channel-labels=email_address=${made.email}`,
    `--user-labels=${formatPairs(made.userLabels)}`,
    "--format=none",
  ]);
}

/** `name`: `projects/P/notificationChannels/ID`, as all names here. */
export function updateChannel(
  place: InProject,
  name: string,
  email: string,
): Command {
  return channels(place, "update", [
    name,
    `--update-channel-labels=email_address=${email}`,
    "--enabled",
    "--format=none",
  ]);
}

/** Prints the names of the channels with these labels. */
export function findChannel(place: InProject, labels: UserLabels): Command {
  const filter = Object.entries(labels)
    .map(([key, value]) => `userLabels.${key}=${value}`)
    .join(" AND ");
  return channels(place, "list", [
    `--filter=${filter}`,
    "--format=value(name)",
  ]);
}

export function deleteChannel(place: InProject, name: string): Command {
  return channels(place, "delete", [name, "--quiet"]);
}

/** `policy`: as the Monitoring API has it, without channels. */
export function createPolicy(
  place: InProject,
  policy: object,
  channel: string,
): Command {
  return {
    ...policies(place, "create", [
      "--policy-from-file=-",
      `--notification-channels=${channel}`,
      "--format=none",
    ]),
    input: stringify(policy, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}

/** Replaces the whole policy. */
export function updatePolicy(
  place: InProject,
  name: string,
  policy: object,
  channel: string,
): Command {
  return {
    ...policies(place, "update", [
      name,
      "--policy-from-file=-",
      `--set-notification-channels=${channel}`,
      "--format=none",
    ]),
    input: stringify(policy, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}

export function deletePolicy(place: InProject, name: string): Command {
  return policies(place, "delete", [name, "--quiet"]);
}

export function createCheck(place: InProject, check: UptimeCheck): Command {
  return uptime(place, "create", [
    check.displayName,
    "--resource-type=uptime-url",
    `--resource-labels=host=${check.host},project_id=${place.projectId}`,
    "--protocol=https",
    "--validate-ssl=true",
    "--status-classes=2xx",
    ...whatAndWhen(check),
    `--regions=${REGIONS.join(",")}`,
    `--user-labels=${formatPairs(check.userLabels)}`,
    "--format=none",
  ]);
}

/** All but its host, which cannot be changed. */
export function updateCheck(
  place: InProject,
  name: string,
  check: UptimeCheck,
): Command {
  return uptime(place, "update", [
    name,
    "--validate-ssl=true",
    "--set-status-classes=2xx",
    ...whatAndWhen(check),
    "--format=none",
  ]);
}

export function deleteCheck(place: InProject, name: string): Command {
  return uptime(place, "delete", [name, "--quiet"]);
}

function whatAndWhen({ path, minutes }: UptimeCheck): string[] {
  return [
    `--path=${path}`,
    `--period=${String(minutes)}`,
    `--timeout=${String(CHECK_TIMEOUT)}`,
  ];
}

/** In beta, still in gcloud 578. */
function channels(place: InProject, verb: string, rest: string[]): Command {
  return group(place, "beta monitoring channels", verb, rest);
}

/** In alpha until gcloud 549. */
function policies(place: InProject, verb: string, rest: string[]): Command {
  return group(place, "alpha monitoring policies", verb, rest);
}

function uptime(place: InProject, verb: string, rest: string[]): Command {
  return group(place, "monitoring uptime", verb, rest);
}

function group(
  place: InProject,
  name: string,
  verb: string,
  rest: string[],
): Command {
  return { args: [...name.split(" "), verb, ...rest, inProject(place)] };
}
