/** The parts of Knative's serving API that Cloud Run v1 exchanges, as they look once defaults are filled in. */

interface ObjectMeta {
  name?: string;
  namespace?: string;
  selfLink?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** What a client sends as a service. `status` and the output-only metadata are read and ignored. */
export interface ServiceMessage {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  spec?: { template?: TemplateMessage; traffic?: TrafficTarget[] };
}

/** A revision template as a client may send it. */
export interface TemplateMessage {
  metadata?: ObjectMeta;
  spec?: Partial<RevisionSpec>;
}

/** A revision template with every default in place. */
export interface RevisionTemplate {
  metadata: {
    name?: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  };
  spec: RevisionSpec & {
    containerConcurrency: number;
    timeoutSeconds: number;
    serviceAccountName: string;
    containers: [Container & DefaultedContainer];
  };
}

interface RevisionSpec {
  /** Requests that one instance takes at a time. */
  containerConcurrency?: number;
  timeoutSeconds?: number;
  serviceAccountName?: string;
  containers?: Container[];
  volumes?: Volume[];
}

export interface Container {
  name?: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvVar[];
  ports?: ContainerPort[];
  resources?: { limits?: Record<string, string> };
  volumeMounts?: VolumeMount[];
  startupProbe?: ProbeMessage;
  livenessProbe?: ProbeMessage;
  readinessProbe?: ProbeMessage;
}

interface DefaultedContainer {
  name: string;
  image: string;
  ports: [ContainerPort & { containerPort: number }, ...ContainerPort[]];
  resources: { limits: { cpu: string; memory: string } };
  startupProbe: ProbeMessage;
}

interface ContainerPort {
  name?: string;
  containerPort?: number;
  protocol?: string;
}

export interface EnvVar {
  name?: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name?: string; key?: string } };
}

/** In seconds. */
export interface ProbeMessage {
  initialDelaySeconds?: number;
  timeoutSeconds?: number;
  periodSeconds?: number;
  failureThreshold?: number;
  successThreshold?: number;
  httpGet?: {
    path?: string;
    port?: number;
    httpHeaders?: { name?: string; value?: string }[];
  };
  tcpSocket?: { port?: number };
}

export interface Volume {
  name?: string;
  secret?: {
    secretName?: string;
    /** `key` is a version: a number, an alias or `latest`. */
    items?: { key?: string; path?: string }[];
  };
}

interface VolumeMount {
  name?: string;
  mountPath?: string;
}

export interface TrafficTarget {
  revisionName?: string;
  latestRevision?: boolean;
  percent?: number;
  tag?: string;
}

/** Where traffic goes at the moment; `url` is that of the tag. */
export interface ServingTarget extends TrafficTarget {
  revisionName: string;
  url?: string;
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  severity?: "Info" | "Warning" | "Error";
  lastTransitionTime: string;
}
