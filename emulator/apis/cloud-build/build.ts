import type { Cloud } from "../../core/cloud.ts";
import type { StoredBuild } from "./state.ts";

const TYPE = "type.googleapis.com/google.devtools.cloudbuild.v1";

/** `projects/P/locations/L/builds/ID` */
export function nameOf({ projectId, location, id }: StoredBuild): string {
  return `projects/${projectId}/locations/${location}/builds/${id}`;
}

/** As Cloud Build shows it. */
export function toBuild(cloud: Cloud, build: StoredBuild): object {
  const { id, projectId, location, sent, steps, triggerId, account } = build;
  const { projectNumber } = cloud.project(projectId);
  const { startTime, finishTime, statusDetail, failureInfo } = build;
  const { storageSource } = sent.source ?? {};
  const { diskSizeGb, ...options } = sent.options ?? {};
  return {
    id,
    name: `projects/${projectNumber}/locations/${location}/builds/${id}`,
    projectId,
    status: build.status,
    ...(statusDetail !== undefined && { statusDetail }),
    ...(failureInfo !== undefined && { failureInfo }),
    ...(storageSource && {
      source: { storageSource: showSource(storageSource) },
      sourceProvenance: {
        resolvedStorageSource: showSource(storageSource),
      },
    }),
    steps,
    ...(sent.images && { images: sent.images }),
    ...(sent.tags && { tags: sent.tags }),
    substitutions: build.substitutions,
    createTime: build.createTime,
    ...(startTime !== undefined && { startTime }),
    ...(finishTime !== undefined && { finishTime }),
    timeout: sent.timeout ?? "3600s",
    queueTtl: sent.queueTtl ?? "3600s",
    serviceAccount: `projects/${projectId}/serviceAccounts/${account}`,
    options: {
      ...options,
      ...(diskSizeGb !== undefined && { diskSizeGb: String(diskSizeGb) }),
    },
    logUrl: `https://console.cloud.google.com/cloud-build/builds;region=${location}/${id}?project=${projectNumber}`,
    ...(triggerId !== undefined && { buildTriggerId: triggerId }),
    ...(build.warnings.length > 0 && { warnings: build.warnings }),
    ...(finishTime !== undefined && {
      results: {
        buildStepImages: steps.map(() => ""),
        buildStepOutputs: [],
        ...(build.pushed.length > 0 && { images: build.pushed }),
      },
    }),
  };
}

/** The long-running operation of a build. */
export function toOperation(cloud: Cloud, build: StoredBuild): object {
  const { projectId, location, status, finishTime } = build;
  const id = Buffer.from(build.id).toString("base64");
  const shown = toBuild(cloud, build);
  const done = finishTime !== undefined;
  return {
    name:
      location === "global"
        ? `operations/build/${projectId}/${id}`
        : `projects/${projectId}/locations/${location}/operations/${id}`,
    metadata: { "@type": `${TYPE}.BuildOperationMetadata`, build: shown },
    ...(done && { done }),
    ...(done && status === "SUCCESS"
      ? { response: { "@type": `${TYPE}.Build`, ...shown } }
      : {}),
    ...(done && status !== "SUCCESS"
      ? {
          error: {
            code: status === "CANCELLED" ? 1 : 9,
            message: build.statusDetail ?? `build ended with status ${status}`,
          },
        }
      : {}),
  };
}

function showSource(source: {
  bucket?: string;
  object?: string;
  generation?: number;
}): object {
  const { generation, bucket, object } = source;
  return {
    bucket,
    object,
    ...(generation !== undefined && { generation: String(generation) }),
  };
}
