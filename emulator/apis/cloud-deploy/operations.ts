import { randomUUID } from "node:crypto";
import type { Cloud, Operation } from "../../core/cloud.ts";
import { placeOf } from "./engine/names.ts";

const TYPES = "type.googleapis.com/google.cloud.deploy.v1";

/** The operation of a write, which is done at once. `type` is that of the response, none of a deletion's. */
export function finishOperation(
  cloud: Cloud,
  target: string,
  verb: "create" | "update" | "delete",
  type?: "DeliveryPipeline" | "Target" | "Automation" | "Release" | "Rollout",
  response: object = {},
): Operation {
  const { project, location } = placeOf(target);
  const now = new Date();
  const name = `projects/${project}/locations/${location}/operations/operation-${now.getTime()}-${randomUUID()}`;
  const operation: Operation = {
    name,
    done: true,
    metadata: {
      "@type": `${TYPES}.OperationMetadata`,
      createTime: now.toISOString(),
      endTime: now.toISOString(),
      target,
      verb,
      requestedCancellation: false,
      apiVersion: "v1",
    },
    response: {
      "@type": type
        ? `${TYPES}.${type}`
        : "type.googleapis.com/google.protobuf.Empty",
      ...structuredClone(response),
    },
  };
  cloud.operations.set(name, operation);
  return operation;
}
