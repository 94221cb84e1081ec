import { withoutGoogles } from "./googles-fields.ts";
import type {
  Metadata,
  Revision,
  RevisionSpec,
  Service,
  TrafficTarget,
} from "./knative.ts";

/**
 * The manifest of a new revision that is an old one in all but `spec`, in the
 * service as it is. Its image is the digest that the old one ran: its tag may
 * have moved since.
 */
export function remakeManifest(
  service: Service,
  old: Revision,
  revision: { name: string; spec: RevisionSpec; traffic: TrafficTarget[] },
): Service {
  const { name, spec, traffic } = revision;
  const [first, ...sidecars] = spec.containers;
  const image = old.status?.imageDigest ?? first?.image ?? "";
  return {
    apiVersion: service.apiVersion,
    kind: service.kind,
    metadata: { name: service.metadata.name, ...keepOurs(service.metadata) },
    spec: {
      template: {
        metadata: { name, ...keepOurs(old.metadata) },
        spec:
          first === undefined
            ? spec
            : { ...spec, containers: [{ ...first, image }, ...sidecars] },
      },
      traffic,
    },
  };
}

function keepOurs({
  labels,
  annotations,
}: Metadata): Required<Pick<Metadata, "labels" | "annotations">> {
  return {
    labels: withoutGoogles(labels),
    annotations: withoutGoogles(annotations),
  };
}
