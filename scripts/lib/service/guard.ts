import type { Service } from "../manifest/knative.ts";

/** Whether Cloud Run lets callers with an identity in only: its invoker check is on. */
export function asksForIdentity({ metadata }: Service): boolean {
  const disabled =
    metadata.annotations?.["run.googleapis.com/invoker-iam-disabled"];
  return disabled?.toLowerCase() !== "true";
}
