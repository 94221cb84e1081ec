import { GoogleError } from "../../../core/google-error.ts";
import type { ServiceMessage } from "../model.ts";
import type { Violations } from "../violations.ts";
import { checkAnnotations } from "./annotations.ts";

const NAME_RULE =
  "only lowercase, digits, and hyphens; must begin with letter, and may not end with hyphen; must be less than";

/** Where a service is to be, as the URL of the request says. */
export interface Place {
  projectId: string;
  projectNumber: string;
  region: string;
  /** Undefined while creating: then the body names it. */
  name?: string;
}

/** Checks what stands around the spec of a service: kind, name, namespace, labels, annotations. */
export function checkServiceMetadata(
  message: ServiceMessage,
  place: Place,
  violations: Violations,
): void {
  const { metadata = {} } = message;
  const { name = "" } = metadata;
  if (message.apiVersion !== "serving.knative.dev/v1") {
    violations.add("service.api_version", "must be 'serving.knative.dev/v1'.");
  }
  if (message.kind !== "Service") {
    violations.add("service.kind", "must be 'Service'.");
  }
  if (!isName(name, 49)) {
    violations.add("service.metadata.name", `${NAME_RULE} 50 characters.`);
  }
  if (place.name !== undefined && place.name !== name) {
    violations.add(
      "service.metadata.name",
      `must be the name in the URL, '${place.name}'.`,
    );
  }
  const { namespace } = metadata;
  if (
    namespace !== undefined &&
    namespace !== place.projectId &&
    namespace !== place.projectNumber
  ) {
    violations.add(
      "service.metadata.namespace",
      `must be the project's id or number, not '${namespace}'.`,
    );
  }
  checkLabels(metadata.labels ?? {}, "metadata.labels", violations);
  requireRegion(metadata.labels ?? {}, place.region);
  checkAnnotations(
    "Service",
    metadata.annotations ?? {},
    "metadata.annotations",
    violations,
  );
}

/** Checks the name that a client gives a new revision. */
export function checkRevisionName(
  revision: string,
  service: string,
  violations: Violations,
): void {
  const field = "service.spec.template.metadata.name";
  if (!isName(revision, 63)) {
    violations.add(field, `${NAME_RULE} 64 characters.`);
  } else if (!revision.startsWith(`${service}-`)) {
    violations.add(
      field,
      "The revision name must be prefixed by the name of the enclosing Service with a trailing -",
    );
  }
}

/** Google's rules for labels: 64 at most, short and lowercase. */
export function checkLabels(
  labels: Readonly<Record<string, string>>,
  path: string,
  violations: Violations,
): void {
  if (Object.keys(labels).length > 64) {
    violations.add(path, "at most 64 labels are allowed.");
  }
  for (const [key, value] of Object.entries(labels)) {
    const own = /^[^/]+\.(googleapis\.com|knative\.dev)\//.test(key);
    if (!own && !/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      violations.add(
        `${path}[${key}]`,
        "label keys must start with a lowercase letter, contain only lowercase letters, digits, '_' and '-', and have at most 63 characters.",
      );
    }
    if (!own && !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) {
      violations.add(
        `${path}[${key}]`,
        "label values must contain only lowercase letters, digits, '_' and '-', and have at most 63 characters.",
      );
    }
  }
}

function requireRegion(
  labels: Readonly<Record<string, string>>,
  region: string,
): void {
  const label = labels["cloud.googleapis.com/location"] ?? region;
  if (label !== region) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `metadata.labels[cloud.googleapis.com/location]: must be '${region}', the region of the request, not '${label}'.`,
    );
  }
}

function isName(name: string, most: number): boolean {
  return (
    name.length <= most && /^[a-z][a-z0-9-]*$/.test(name) && !name.endsWith("-")
  );
}
