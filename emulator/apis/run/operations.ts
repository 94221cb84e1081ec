import type { Project } from "../../core/cloud.ts";
import { showService } from "./service-view.ts";
import {
  type OperationResult,
  type RunOperation,
  type RunService,
  runOf,
} from "./state.ts";

/** The code of google.rpc that a failed deployment ends with. */
const INTERNAL = 13;

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
    result: undefined,
    finished: promise,
    finish: (result) => {
      operation.result ??= result;
      resolve(undefined);
    },
  };
  runOf(project).operations.set(operation.id, operation);
  return operation;
}

/** An operation as the API shows it. */
export function showOperation(
  project: Project,
  operation: RunOperation,
): object {
  const { id, region, result } = operation;
  return {
    name: `projects/${project.projectId}/locations/${region}/operations/${id}`,
    ...(result !== undefined && { done: true, ...result }),
  };
}

/** Ends the operations of a service that has become ready or has failed. */
export function finishOperations(project: Project, service: RunService): void {
  const ready = service.conditions.find(({ type }) => type === "Ready");
  if (ready === undefined || ready.status === "Unknown") return;
  const result: OperationResult =
    ready.status === "True"
      ? {
          response: {
            "@type": "type.googleapis.com/google.cloud.run.v1.Service",
            ...showService(project, service),
          },
        }
      : { error: { code: INTERNAL, message: ready.message ?? "" } };
  for (const operation of runOf(project).operations.values()) {
    const { name, region } = service;
    if (operation.service === name && operation.region === region) {
      operation.finish(result);
    }
  }
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
