import type { Access } from "../../core/access.ts";

const ROLLOUT = "deliveryPipelines/*/releases/*/rollouts/*";

/** github.com/iann0036/iam-dataset, gcp/map.json of 22 August 2026; the words are those of github.com/GoogleCloudPlatform/terraform-google-secure-cicd/issues/39. */
export const ACCESS: Access = {
  permissions: {
    "GET locations": "clouddeploy.locations.list",
    "GET config": "clouddeploy.config.get",
    "GET operations": "clouddeploy.operations.list",
    "GET operations/*": "clouddeploy.operations.get",
    ...resource("deliveryPipelines", "deliveryPipelines"),
    ...resource("targets", "targets"),
    ...resource("deliveryPipelines/*/automations", "automations"),
    "POST deliveryPipelines/*:rollbackTarget": "clouddeploy.rollouts.rollback",
    "GET deliveryPipelines/*/releases": "clouddeploy.releases.list",
    "GET deliveryPipelines/*/releases/*": "clouddeploy.releases.get",
    "POST deliveryPipelines/*/releases": "clouddeploy.releases.create",
    "POST deliveryPipelines/*/releases/*:abandon":
      "clouddeploy.releases.abandon",
    "GET deliveryPipelines/*/releases/*/rollouts": "clouddeploy.rollouts.list",
    "POST deliveryPipelines/*/releases/*/rollouts":
      "clouddeploy.rollouts.create",
    [`GET ${ROLLOUT}`]: "clouddeploy.rollouts.get",
    [`POST ${ROLLOUT}:approve`]: "clouddeploy.rollouts.approve",
    [`POST ${ROLLOUT}:advance`]: "clouddeploy.rollouts.advance",
    [`POST ${ROLLOUT}:cancel`]: "clouddeploy.rollouts.cancel",
    [`POST ${ROLLOUT}:retryJob`]: "clouddeploy.rollouts.retryJob",
    [`POST ${ROLLOUT}:ignoreJob`]: "clouddeploy.rollouts.ignoreJob",
    [`GET ${ROLLOUT}/jobRuns`]: "clouddeploy.jobRuns.list",
    [`GET ${ROLLOUT}/jobRuns/*`]: "clouddeploy.jobRuns.get",
    [`POST ${ROLLOUT}/jobRuns/*:terminate`]: "clouddeploy.jobRuns.terminate",
    "GET deliveryPipelines/*/automationRuns": "clouddeploy.automationRuns.list",
    "GET deliveryPipelines/*/automationRuns/*":
      "clouddeploy.automationRuns.get",
    "POST deliveryPipelines/*/automationRuns/*:cancel":
      "clouddeploy.automationRuns.cancel",
  },
  denied: (permission, { resource: name }) =>
    `Permission '${permission}' denied on '${name}'`,
};

/** Pipelines, targets and automations have the same five methods. */
function resource(path: string, kind: string): Record<string, string> {
  const of = (verb: string) => `clouddeploy.${kind}.${verb}`;
  return {
    [`GET ${path}`]: of("list"),
    [`POST ${path}`]: of("create"),
    [`GET ${path}/*`]: of("get"),
    [`PATCH ${path}/*`]: of("update"),
    [`DELETE ${path}/*`]: of("delete"),
  };
}
