import type { Cloud, Operation, Project } from "../../core/cloud.ts";

/** Done at once; `changed` is empty where there was nothing to do. */
export function operationFor(
  cloud: Cloud,
  project: Project,
  changed: readonly string[],
  response: object,
): Operation {
  const { projectNumber } = project;
  const name =
    changed.length === 0
      ? "operations/noop.DONE_OPERATION"
      : `operations/acf.p2-${projectNumber}-${crypto.randomUUID()}`;
  const operation: Operation = { name, done: true, response };
  cloud.operations.set(name, operation);
  return operation;
}
