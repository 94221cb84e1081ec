import { InputError } from "../cli/errors.ts";
import * as builds from "../google/commands/builds.ts";
import { type Command, formatCommand } from "../google/gcloud.ts";
import type { InRegion } from "../google/places.ts";
import type { Trigger } from "./pipeline-state.ts";
import { LABEL } from "../service/ownership.ts";
import { type PipelineAccount, accountEmail } from "./accounts.ts";
import type { PipelinePlace } from "./place.ts";

/** A repository that Cloud Build is connected with. */
export type SourceRepository =
  /** Second generation: `projects/P/locations/R/connections/C/repositories/NAME`. */
  | { repository: string }
  /** First generation: the Cloud Build app on GitHub. */
  | { owner: string; name: string };

/** A trigger as it is to be. */
export interface TriggerSpec {
  name: string;
  description: string;
  account: PipelineAccount;
  /** The build's configuration file. */
  file: string;
  /** What sets it off, as gcloud's flags. */
  event: string[];
}

export const TRIGGERS: readonly TriggerSpec[] = [
  {
    name: "litellm-main",
    description: `${LABEL}: releases what is pushed to main`,
    account: "build",
    file: "cloudbuild.yaml",
    event: ["--branch-pattern=^main$"],
  },
  {
    name: "litellm-check",
    description: `${LABEL}: checks pull requests`,
    account: "check",
    file: "cloudbuild.check.yaml",
    event: [
      "--pull-request-pattern=^main$",
      // A stranger's code runs only after somebody of the project said so.
      "--comment-control=COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY",
    ],
  },
];

/** From `--github=OWNER/REPO` or `--repository=projects/…`. Throws InputError for another form. */
export function parseRepository(
  options: { github: string | undefined; repository: string | undefined },
  place: InRegion,
): SourceRepository | undefined {
  const { github, repository } = options;
  const { region } = place;
  if (github !== undefined && repository !== undefined) {
    throw new InputError("--github and --repository name the same thing twice");
  }
  if (github !== undefined) {
    const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(github) ?? [];
    if (owner === undefined || name === undefined) {
      throw new InputError(`--github=${github}: expected OWNER/REPOSITORY`);
    }
    return { owner, name };
  }
  if (repository === undefined) return undefined;
  const [, location] =
    /^projects\/[^/]+\/locations\/([^/]+)\/connections\/[^/]+\/repositories\/[^/]+$/.exec(
      repository,
    ) ?? [];
  if (location === undefined) {
    throw new InputError(
      `--repository=${repository}: expected projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/REPOSITORY`,
      {
        hint: `Find it: ${formatCommand(builds.listRepositories(place))}`,
      },
    );
  }
  if (location !== region) {
    throw new InputError(
      `--repository: the connection is in ${location}, the pipeline in ${region}`,
      { hint: `Connect the repository in ${region}: a trigger lives there.` },
    );
  }
  return { repository };
}

export function createTrigger(
  place: PipelinePlace,
  spec: TriggerSpec,
  source: SourceRepository,
): Command {
  const { name, description, file, event } = spec;
  const repository =
    "repository" in source
      ? [`--repository=${source.repository}`]
      : [`--repo-owner=${source.owner}`, `--repo-name=${source.name}`];
  return builds.createTrigger(place, {
    name,
    description,
    event: [...repository, ...event],
    file,
    serviceAccount: runsAs(place, spec),
  });
}

/** Whether a trigger is what it is to be. */
export function isAsSpecified(
  trigger: Trigger,
  place: PipelinePlace,
  spec: TriggerSpec,
  source: SourceRepository,
): boolean {
  const { repositoryEventConfig, github } = trigger;
  return (
    trigger.filename === spec.file &&
    trigger.serviceAccount === runsAs(place, spec) &&
    ("repository" in source
      ? repositoryEventConfig?.repository === source.repository
      : github?.owner === source.owner && github.name === source.name)
  );
}

export function isOurTrigger(trigger: Trigger): boolean {
  return trigger.description?.startsWith(`${LABEL}:`) ?? false;
}

function runsAs({ projectId }: PipelinePlace, spec: TriggerSpec): string {
  return `projects/${projectId}/serviceAccounts/${accountEmail(projectId, spec.account)}`;
}
