/** The parts of Cloud Run's Knative v1 resources that this project reads or writes. */

export interface Metadata {
  name: string;
  namespace?: string;
  generation?: number;
  creationTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Who made it, by email: Cloud Run's own. */
export const CREATOR = "serving.knative.dev/creator";

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string } };
}

export interface Container {
  image: string;
  args?: string[];
  env?: EnvVar[];
  [field: string]: unknown;
}

export interface RevisionSpec {
  serviceAccountName?: string;
  containers: Container[];
  volumes?: {
    name: string;
    secret?: { secretName: string; items?: { key: string; path: string }[] };
  }[];
  [field: string]: unknown;
}

export interface TrafficTarget {
  revisionName?: string;
  latestRevision?: boolean;
  percent?: number;
  tag?: string;
  url?: string;
}

export interface StatusCondition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
}

export interface Service {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec: {
    template: { metadata?: Partial<Metadata>; spec: RevisionSpec };
    traffic?: TrafficTarget[];
  };
  status?: {
    url?: string;
    latestCreatedRevisionName?: string;
    latestReadyRevisionName?: string;
    observedGeneration?: number;
    conditions?: StatusCondition[];
    traffic?: TrafficTarget[];
  };
}

export interface Revision {
  metadata: Metadata;
  spec: RevisionSpec;
  status?: { conditions?: StatusCondition[]; imageDigest?: string };
}
