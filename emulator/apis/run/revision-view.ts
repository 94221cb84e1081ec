import type { Project } from "../../core/cloud.ts";
import { encodeVersion } from "./identifiers.ts";
import type { RunRevision, RunService } from "./state.ts";

const API_VERSION = "serving.knative.dev/v1";

/** A revision as Cloud Run v1 shows it. */
export function showRevision(
  project: Project,
  service: RunService,
  revision: RunRevision,
): object {
  const { name, image } = revision;
  const { projectNumber } = project;
  return {
    apiVersion: API_VERSION,
    kind: "Revision",
    metadata: {
      name,
      namespace: projectNumber,
      selfLink: `/apis/serving.knative.dev/v1/namespaces/${projectNumber}/revisions/${name}`,
      uid: revision.uid,
      resourceVersion: encodeVersion(revision.version),
      generation: 1,
      creationTimestamp: revision.createdAt,
      labels: showRevisionLabels(service, revision),
      annotations: {
        ...revision.template.metadata.annotations,
        "run.googleapis.com/operation-id": revision.operationId,
        "serving.knative.dev/creator": revision.creator,
      },
      ownerReferences: [
        {
          apiVersion: API_VERSION,
          kind: "Configuration",
          name: service.name,
          uid: service.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: revision.template.spec,
    status: {
      observedGeneration: 1,
      conditions: revision.conditions,
      ...(image && {
        imageDigest: image.withDigest,
        containerStatuses: [
          {
            name: revision.template.spec.containers[0].name,
            imageDigest: image.withDigest,
          },
        ],
      }),
      logUrl: showLogUrl(service, name),
    },
  };
}

/** The labels that it was made with, and those that say where it belongs. */
export function showRevisionLabels(
  service: RunService,
  revision: RunRevision,
): Record<string, string> {
  const routed = service.serving.some((t) => t.revisionName === revision.name);
  return {
    ...revision.template.metadata.labels,
    "cloud.googleapis.com/location": service.region,
    "serving.knative.dev/configuration": service.name,
    "serving.knative.dev/configurationGeneration": String(
      revision.configurationGeneration,
    ),
    ...(routed && { "serving.knative.dev/route": service.name }),
    "serving.knative.dev/service": service.name,
    "serving.knative.dev/serviceUid": service.uid,
  };
}

/** Where Google's console shows the log of a revision. */
function showLogUrl(service: RunService, revision: string): string {
  const { name, projectId } = service;
  const filter = encodeURIComponent(
    `resource.type="cloud_run_revision"\nresource.labels.service_name="${name}"\nresource.labels.revision_name="${revision}"`,
  );
  return `https://console.cloud.google.com/logs/viewer?project=${projectId}&resource=cloud_run_revision/service_name/${name}/revision_name/${revision}&advancedFilter=${filter}`;
}
