import type { Service } from "../manifest/knative.ts";

/** Whether a service runs as this service account. */
export function runsAs(service: Service, email: string): boolean {
  return service.spec.template.spec.serviceAccountName === email;
}

/** Whether it needs the service account's Vertex AI role: it has no Gemini key. */
export function callsVertexAs(service: Service, email: string): boolean {
  const env = service.spec.template.spec.containers.flatMap((c) => c.env ?? []);
  return (
    runsAs(service, email) && !env.some((e) => e.name === "GEMINI_API_KEY")
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
