import type { Project } from "../cloud.ts";
import type { RunOperation, RunService } from "./state.ts";

/** The operation of the write that a service has just taken; `settle` finishes it. */
export function startOperation(
  project: Project,
  service: RunService,
): RunOperation {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const operation: RunOperation = {
    id: service.operationId,
    region: service.region,
    service: service.name,
    response: undefined,
    finished: promise,
    finish: (response) => {
      operation.response ??= response;
      resolve(undefined);
    },
  };
  project.operations.set(operation.id, operation);
  return operation;
}

/** An operation as the API shows it. */
export function showOperation(
  project: Project,
  operation: RunOperation,
): object {
  const { id, region, response } = operation;
  return {
    name: `projects/${project.projectId}/locations/${region}/operations/${id}`,
    ...(response !== undefined && {
      done: true,
      response: {
        "@type": "type.googleapis.com/google.cloud.run.v1.Service",
        ...response,
      },
    }),
  };
}

/** Resolves when the operation is done or the time (milliseconds) is over. */
export async function waitForOperation(
  operation: RunOperation,
  milliseconds: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, milliseconds, undefined);
  await Promise.race([operation.finished, promise]);
  clearTimeout(timer);
}
