import type { Cloud, Operation } from "../../../core/cloud.ts";

/** Done at once, as the operation of the resource `name` that it has changed. */
export function finishOperation(
  cloud: Cloud,
  name: string,
  type: "WorkloadIdentityPool" | "WorkloadIdentityPoolProvider",
  resource: object,
): Operation {
  const operation: Operation = {
    name: `${name}/operations/${crypto.randomUUID()}`,
    done: true,
    response: {
      "@type": `type.googleapis.com/google.iam.v1.${type}`,
      ...resource,
    },
  };
  cloud.operations.set(operation.name, operation);
  return operation;
}
