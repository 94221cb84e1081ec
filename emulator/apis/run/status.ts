/** Kubernetes' answer to a deletion. */
export function showDeleted(
  kind: "services" | "revisions",
  name: string,
  uid: string,
): object {
  return {
    status: "Success",
    details: { name, group: "serving.knative.dev", kind, uid },
  };
}
