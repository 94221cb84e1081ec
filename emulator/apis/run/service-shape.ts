import {
  bool,
  int32,
  list,
  map,
  message,
  outputOnly,
  string,
  type Type,
} from "../../core/message.ts";
import { notCovered } from "./coverage.ts";
import type { ServiceMessage } from "./model.ts";

// Member for member the messages of Google's discovery document run.v1. What is empty counts as absent, as in proto3.

const text: Type<string> = {
  read: (value, path, problems) =>
    value === "" ? undefined : string.read(value, path, problems),
};

/** A field of Google's API that Cloud Run refuses. */
const refused: Type<never> = {
  read(value, path, problems) {
    if (isEmpty(value)) return undefined;
    problems.push({ path, text: `${path}: must be unset` });
    return undefined;
  },
};

/** A field of Cloud Run that does nothing here, so that it is not taken. */
const uncovered: Type<never> = {
  read(value, path) {
    if (isEmpty(value)) return undefined;
    throw notCovered(`the field ${path}`);
  },
};

function filled<T extends object>(type: Type<T>): Type<T> {
  return {
    read(value, path, problems) {
      const read = type.read(value, path, problems);
      return read !== undefined && isEmpty(read) ? undefined : read;
    },
  };
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === "" ||
    value === false ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

const METADATA = message({
  annotations: map(string),
  clusterName: refused,
  creationTimestamp: outputOnly,
  deletionGracePeriodSeconds: refused,
  deletionTimestamp: outputOnly,
  finalizers: refused,
  generateName: uncovered,
  generation: outputOnly,
  labels: map(string),
  name: text,
  namespace: text,
  ownerReferences: outputOnly,
  resourceVersion: text,
  selfLink: outputOnly,
  uid: outputOnly,
});

const PROBE = message({
  exec: refused,
  failureThreshold: int32,
  grpc: uncovered,
  httpGet: message({
    host: refused,
    httpHeaders: filled(list(message({ name: text, value: text }))),
    path: text,
    port: int32,
    scheme: refused,
  }),
  initialDelaySeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  tcpSocket: message({ host: refused, port: int32 }),
  timeoutSeconds: int32,
});

const SECRET_KEY = message({
  key: text,
  localObjectReference: refused,
  name: text,
  optional: refused,
});

const ENV_VAR = message({
  name: text,
  value: text,
  valueFrom: filled(
    message({ configMapKeyRef: refused, secretKeyRef: filled(SECRET_KEY) }),
  ),
});

const CONTAINER = message({
  args: filled(list(string)),
  command: filled(list(string)),
  env: filled(list(ENV_VAR)),
  envFrom: refused,
  image: text,
  imagePullPolicy: refused,
  livenessProbe: filled(PROBE),
  name: text,
  ports: filled(
    list(message({ containerPort: int32, name: text, protocol: text })),
  ),
  readinessProbe: filled(PROBE),
  resources: filled(
    message({ limits: filled(map(string)), requests: uncovered }),
  ),
  sandboxLauncher: uncovered,
  securityContext: refused,
  startupProbe: filled(PROBE),
  terminationMessagePath: refused,
  terminationMessagePolicy: refused,
  volumeMounts: filled(
    list(
      message({
        mountPath: text,
        name: text,
        readOnly: bool,
        subPath: refused,
      }),
    ),
  ),
  workingDir: uncovered,
});

const SECRET_VOLUME = message({
  defaultMode: int32,
  items: filled(list(message({ key: text, mode: int32, path: text }))),
  optional: refused,
  secretName: text,
});

const VOLUME = message({
  configMap: refused,
  csi: uncovered,
  emptyDir: uncovered,
  filestore: uncovered,
  name: text,
  nfs: uncovered,
  secret: filled(SECRET_VOLUME),
});

const REVISION_SPEC = message({
  containerConcurrency: int32,
  containers: filled(list(CONTAINER)),
  enableServiceLinks: refused,
  imagePullSecrets: refused,
  nodeSelector: uncovered,
  runtimeClassName: uncovered,
  sandboxes: uncovered,
  serviceAccountName: text,
  timeoutSeconds: int32,
  volumes: filled(list(VOLUME)),
});

const TRAFFIC_TARGET = message({
  configurationName: refused,
  latestRevision: bool,
  percent: int32,
  revisionName: text,
  tag: text,
  url: outputOnly,
});

/** A service as a client sends it. */
export const SERVICE: Type<ServiceMessage> = message({
  apiVersion: text,
  kind: text,
  metadata: METADATA,
  spec: message({
    template: message({ metadata: METADATA, spec: REVISION_SPEC }),
    traffic: list(TRAFFIC_TARGET),
  }),
  status: outputOnly,
});
