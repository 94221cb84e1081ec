import type { Service } from "../manifest/knative.ts";
import { modeOf } from "../manifest/mode-mark.ts";

/** Whether a service runs as this service account. */
export function runsAs(service: Service, email: string): boolean {
  return service.spec.template.spec.serviceAccountName === email;
}

/** Whether it needs the service account's Vertex AI role. */
export function callsVertexAs(service: Service, email: string): boolean {
  const { metadata, spec } = service.spec.template;
  return runsAs(service, email) && modeOf(metadata, spec) === "vertex";
}

/** Whether a service mounts a secret or takes it as an environment value. */
export function readsSecret(service: Service, secret: string): boolean {
  const { containers, volumes = [] } = service.spec.template.spec;
  return (
    volumes.some((v) => v.secret?.secretName === secret) ||
    containers
      .flatMap((c) => c.env ?? [])
      .some((e) => e.valueFrom?.secretKeyRef.name === secret)
  );
}
