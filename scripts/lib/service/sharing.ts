import type { Service } from "../manifest/knative.ts";
import { allKeys } from "../settings/keys.ts";

/** Whether a service runs as this service account. */
export function runsAs(service: Service, email: string): boolean {
  return service.spec.template.spec.serviceAccountName === email;
}

/** Whether it needs the service account's Vertex AI role: it has no key of another mode, however it got it. */
export function callsVertexAs(service: Service, email: string): boolean {
  const env = service.spec.template.spec.containers.flatMap((c) => c.env ?? []);
  const others = allKeys().filter(
    ({ mode }) => mode !== undefined && mode !== "vertex",
  );
  return (
    runsAs(service, email) &&
    !env.some((e) => others.some((key) => key.variable === e.name))
  );
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
