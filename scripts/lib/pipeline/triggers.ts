import { InputError } from "../cli/errors.ts";
import type { Command } from "../google/gcloud.ts";
import type { Trigger } from "./pipeline-state.ts";
import { LABEL } from "../service/ownership.ts";
import { type DeliveryAccount, accountEmail } from "./accounts.ts";
import type { DeliveryPlace } from "./place.ts";

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
  account: DeliveryAccount;
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
  { region }: Pick<DeliveryPlace, "region">,
): SourceRepository | undefined {
  const { github, repository } = options;
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
        hint: "Find it: gcloud builds repositories list --connection=CONNECTION --region=REGION",
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
  place: DeliveryPlace,
  spec: TriggerSpec,
  source: SourceRepository,
): Command {
  return {
    args: [
      ...["builds", "triggers", "create", "github", `--name=${spec.name}`],
      `--description=${spec.description}`,
      ...("repository" in source
        ? [`--repository=${source.repository}`]
        : [`--repo-owner=${source.owner}`, `--repo-name=${source.name}`]),
      ...spec.event,
      `--build-config=${spec.file}`,
      `--service-account=${runsAs(place, spec)}`,
      `--region=${place.region}`,
      `--project=${place.projectId}`,
      "--format=none",
    ],
  };
}

/** Whether a trigger is what it is to be. */
export function isAsSpecified(
  trigger: Trigger,
  place: DeliveryPlace,
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

function runsAs({ projectId }: DeliveryPlace, spec: TriggerSpec): string {
  return `projects/${projectId}/serviceAccounts/${accountEmail(projectId, spec.account)}`;
}
