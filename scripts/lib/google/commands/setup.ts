import type { Command } from "../gcloud.ts";
import { LABEL } from "../../service/ownership.ts";
import {
  type DeliveryAccount,
  accountDescription,
  accountEmail,
  accountName,
} from "../../pipeline/accounts.ts";
import type { Grant } from "../../pipeline/grants.ts";
import type { DeliveryPlace } from "../../pipeline/place.ts";

// One builder a gcloud command: it returns the arguments and runs nothing.

export function enableApis(
  projectId: string,
  apis: readonly string[],
): Command {
  return { args: ["services", "enable", ...apis, `--project=${projectId}`] };
}

export function createAccount(
  { projectId }: DeliveryPlace,
  account: DeliveryAccount,
): Command {
  return {
    args: [
      ...["iam", "service-accounts", "create", accountName(account)],
      `--display-name=LiteLLM delivery: ${account}`,
      `--description=${accountDescription(account)}`,
      `--project=${projectId}`,
    ],
  };
}

export function deleteAccount(
  { projectId }: DeliveryPlace,
  account: DeliveryAccount,
): Command {
  return {
    args: [
      ...["iam", "service-accounts", "delete"],
      accountEmail(projectId, account),
      `--project=${projectId}`,
      "--quiet",
    ],
  };
}

export function createRepository(place: DeliveryPlace): Command {
  return {
    args: [
      ...["artifacts", "repositories", "create", place.repository],
      "--repository-format=docker",
      "--description=The images of LiteLLM on Cloud Run",
      `--labels=${LABEL}=true`,
      `--location=${place.region}`,
      `--project=${place.projectId}`,
    ],
  };
}

/** With every image in it. */
export function deleteRepository(place: DeliveryPlace): Command {
  return {
    args: [
      ...["artifacts", "repositories", "delete", place.repository],
      `--location=${place.region}`,
      `--project=${place.projectId}`,
      "--quiet",
    ],
  };
}

export function createBucket(place: DeliveryPlace): Command {
  return {
    args: [
      ...["storage", "buckets", "create", `gs://${place.bucket}`],
      `--location=${place.region}`,
      "--uniform-bucket-level-access",
      "--public-access-prevention",
      `--project=${place.projectId}`,
    ],
  };
}

/** A bucket cannot be made with a label. */
export function labelBucket(place: DeliveryPlace): Command {
  return {
    args: [
      ...["storage", "buckets", "update", `gs://${place.bucket}`],
      `--update-labels=${LABEL}=true`,
      `--project=${place.projectId}`,
    ],
  };
}

/** With everything in it. */
export function deleteBucket(place: DeliveryPlace): Command {
  return {
    args: [
      ...["storage", "rm", "--recursive", `gs://${place.bucket}`],
      `--project=${place.projectId}`,
    ],
  };
}

export function addGrant(place: DeliveryPlace, grant: Grant): Command {
  return changeGrant(place, grant, "add-iam-policy-binding");
}

export function removeGrant(place: DeliveryPlace, grant: Grant): Command {
  return changeGrant(place, grant, "remove-iam-policy-binding");
}

function changeGrant(
  place: DeliveryPlace,
  { on, role, member }: Grant,
  verb: string,
): Command {
  const binding = [`--member=${member}`, `--role=${role}`];
  const project = `--project=${"projectId" in on ? on.projectId : place.projectId}`;
  const quiet = "--format=none";
  switch (on.kind) {
    case "project":
      return {
        args: [
          ...["projects", verb, on.projectId, ...binding],
          ...["--condition=None", quiet],
        ],
      };
    case "account":
      return {
        args: [
          ...["iam", "service-accounts", verb, on.email, ...binding],
          ...["--condition=None", project, quiet],
        ],
      };
    case "secret":
      return { args: ["secrets", verb, on.name, ...binding, project, quiet] };
    case "repository":
      return {
        args: [
          ...["artifacts", "repositories", verb, place.repository, ...binding],
          ...[`--location=${place.region}`, project, quiet],
        ],
      };
    case "bucket":
      return {
        args: [
          ...["storage", "buckets", verb, `gs://${place.bucket}`, ...binding],
          ...[project, quiet],
        ],
      };
  }
}

/** `documents`: YAML. */
export function applyPipeline(
  place: DeliveryPlace,
  documents: string,
): Command {
  return {
    args: [
      ...["deploy", "apply", "--file=/dev/stdin"],
      `--region=${place.region}`,
      `--project=${place.projectId}`,
    ],
    input: documents,
  };
}

/** With its releases, rollouts and automations. */
export function deletePipeline(place: DeliveryPlace): Command {
  return {
    args: [
      ...["deploy", "delivery-pipelines", "delete", place.pipeline, "--force"],
      `--region=${place.region}`,
      `--project=${place.projectId}`,
      "--quiet",
    ],
  };
}

export function deleteAutomation(
  place: DeliveryPlace,
  automation: string,
): Command {
  return {
    args: [
      ...["deploy", "automations", "delete", automation],
      `--delivery-pipeline=${place.pipeline}`,
      `--region=${place.region}`,
      `--project=${place.projectId}`,
      "--quiet",
    ],
  };
}

export function deleteTarget(place: DeliveryPlace, target: string): Command {
  return {
    args: [
      ...["deploy", "targets", "delete", target],
      `--region=${place.region}`,
      `--project=${place.projectId}`,
      "--quiet",
    ],
  };
}

export function deleteTrigger(place: DeliveryPlace, trigger: string): Command {
  return {
    args: [
      ...["builds", "triggers", "delete", trigger],
      `--region=${place.region}`,
      `--project=${place.projectId}`,
      "--quiet",
    ],
  };
}

/** Builds the tools image and releases with it, from this directory: for the operator to run. */
export function submitBuild(place: DeliveryPlace): Command {
  return {
    args: [
      ...["builds", "submit", "--config=cloudbuild.yaml"],
      // Where the build's account may read.
      `--gcs-source-staging-dir=gs://${place.bucket}/source`,
      `--region=${place.region}`,
      `--project=${place.projectId}`,
    ],
  };
}
