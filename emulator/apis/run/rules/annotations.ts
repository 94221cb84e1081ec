import { notCovered } from "../coverage.ts";
import type { Violations } from "../violations.ts";

type Kind = "Service" | "Revision";
type Check = (value: string) => string | undefined;

interface Rule {
  kinds: readonly Kind[];
  /** Says what is wrong with a value; `uncovered` where the emulator does not act on it. */
  check: Check | "uncovered";
}

const anything: Check = () => undefined;
const boolean: Check = (value) =>
  /^(true|false)$/i.test(value) ? undefined : "must be 'true' or 'false'.";
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value)
      ? undefined
      : `must be one of ${values.map((v) => `'${v}'`).join(", ")}.`;
const integer =
  (least: number, most: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be an integer between ${least} and ${most}.`;
const stringList: Check = (value) =>
  isListOf(value, (item) => typeof item === "string")
    ? undefined
    : "must be a JSON list of strings.";

/** As gcloud (528) writes it: a network, a subnetwork, or both, and tags. */
const networkInterfaces: Check = (value) =>
  isListOf(value, isInterface)
    ? undefined
    : "must be a JSON list of objects with network, subnetwork and tags.";

function isInterface(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  const names = Object.keys(item);
  return (
    names.every((name) => ["network", "subnetwork", "tags"].includes(name)) &&
    ("network" in item || "subnetwork" in item)
  );
}

/** Whether a text is a JSON list, not an empty one, of items that pass. */
function isListOf(value: string, passes: (item: unknown) => boolean): boolean {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) && list.length > 0 && list.every(passes);
  } catch {
    return false;
  }
}

const both = ["Service", "Revision"] as const;
const service = ["Service"] as const;
const revision = ["Revision"] as const;

/** Google's documented annotations (reference of ObjectMeta in run v1), and those that it writes itself. */
const RULES: Readonly<Record<string, Rule>> = {
  "autoscaling.knative.dev/maxScale": {
    kinds: revision,
    check: integer(1, 1000),
  },
  "autoscaling.knative.dev/minScale": {
    kinds: revision,
    check: integer(0, 1000),
  },
  "run.googleapis.com/client-name": { kinds: both, check: anything },
  "run.googleapis.com/client-version": { kinds: both, check: anything },
  "run.googleapis.com/cpu-throttling": { kinds: revision, check: boolean },
  "run.googleapis.com/custom-audiences": { kinds: service, check: stringList },
  "run.googleapis.com/default-url-disabled": { kinds: service, check: boolean },
  "run.googleapis.com/description": { kinds: service, check: anything },
  "run.googleapis.com/execution-environment": {
    kinds: revision,
    check: oneOf("gen1", "gen2"),
  },
  "run.googleapis.com/ingress": {
    kinds: service,
    check: oneOf("all", "internal", "internal-and-cloud-load-balancing"),
  },
  "run.googleapis.com/ingress-status": { kinds: service, check: anything },
  "run.googleapis.com/invoker-iam-disabled": { kinds: service, check: boolean },
  "run.googleapis.com/launch-stage": {
    kinds: both,
    check: oneOf("ALPHA", "BETA", "GA"),
  },
  "run.googleapis.com/maxScale": { kinds: service, check: integer(1, 1000) },
  "run.googleapis.com/minScale": { kinds: service, check: integer(0, 1000) },
  // No network is emulated: any is taken as existing, and leads everywhere.
  "run.googleapis.com/network-interfaces": {
    kinds: revision,
    check: networkInterfaces,
  },
  "run.googleapis.com/operation-id": { kinds: both, check: anything },
  "run.googleapis.com/scalingMode": {
    kinds: service,
    check: oneOf("automatic"),
  },
  "run.googleapis.com/secrets": { kinds: revision, check: anything },
  "run.googleapis.com/sessionAffinity": { kinds: revision, check: boolean },
  "run.googleapis.com/startup-cpu-boost": { kinds: revision, check: boolean },
  "run.googleapis.com/urls": { kinds: service, check: anything },
  "run.googleapis.com/vpc-access-egress": {
    kinds: revision,
    check: oneOf("all-traffic", "private-ranges-only"),
  },
  ...uncovered(revision, [
    "cloudsql-instances",
    "container-dependencies",
    "encryption-key",
    "encryption-key-shutdown-hours",
    "gpu-zonal-redundancy-disabled",
    "health-check-disabled",
    "post-key-revocation-action-type",
    "secure-session-agent",
    "vpc-access-connector",
  ]),
  ...uncovered(both, [
    "base-images",
    "build-function-target",
    "build-id",
    "build-source-location",
    "sources",
  ]),
  ...uncovered(service, [
    "binary-authorization",
    "binary-authorization-breakglass",
    "build-base-image",
    "build-enable-automatic-updates",
    "build-environment-variables",
    "build-image-uri",
    "build-name",
    "build-service-account",
    "build-worker-pool",
    "gc-traffic-tags",
    "iap-enabled",
    "manualInstanceCount",
  ]),
};

function uncovered(
  kinds: readonly Kind[],
  names: readonly string[],
): Record<string, Rule> {
  return Object.fromEntries(
    names.map((name) => [
      `run.googleapis.com/${name}`,
      { kinds, check: "uncovered" as const },
    ]),
  );
}

/** Checks the annotations of a resource; Google restricts those of Cloud Run and of the autoscaler. */
export function checkAnnotations(
  kind: Kind,
  annotations: Readonly<Record<string, string>>,
  path: string,
  violations: Violations,
): void {
  for (const [name, value] of Object.entries(annotations)) {
    if (!/^(run\.googleapis\.com|autoscaling\.knative\.dev)\//.test(name)) {
      continue;
    }
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
    const field = `${path}[${name}]`;
    if (!rule?.kinds.includes(kind)) {
      const supported =
        rule === undefined
          ? ""
          : ` Supported kinds are: ${rule.kinds.join(", ")}`;
      violations.add(
        field,
        `Annotation '${name}' is not supported on resources of kind '${kind}'.${supported}`,
      );
    } else if (rule.check === "uncovered") {
      throw notCovered(`the annotation ${name}`);
    } else {
      const wrong = rule.check(value);
      if (wrong !== undefined) violations.add(field, wrong);
    }
  }
}
