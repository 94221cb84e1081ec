import type {
  Container,
  ProbeMessage,
  RevisionTemplate,
  TemplateMessage,
  TrafficTarget,
} from "./model.ts";
import { parseCpu } from "./quantity.ts";
import { countFitting, listUses } from "./quota.ts";
import type { Quota } from "./state.ts";

const PROBE_TYPE = "run.googleapis.com/startupProbeType";

/** The template with what Cloud Run fills in. Needs the container that `checkMessage` requires. */
export function fillTemplate(
  message: TemplateMessage,
  defaultAccount: string,
  quota: Quota,
): RevisionTemplate {
  const { metadata = {}, spec = {} } = message;
  const { [PROBE_TYPE]: probeType, ...labels } = metadata.labels ?? {};
  const sent = spec.containers?.[0] ?? {};
  const ownProbe = sent.startupProbe !== undefined && probeType !== "Default";
  const container = fillContainer(sent, ownProbe);
  const { limits } = container.resources;
  const cpu = parseCpu(limits.cpu) ?? 1;
  const most = Math.min(100, countFitting(listUses(limits, quota)));
  return {
    metadata: {
      ...(metadata.name !== undefined &&
        metadata.name !== "" && { name: metadata.name }),
      labels: { ...labels, [PROBE_TYPE]: ownProbe ? "Custom" : "Default" },
      annotations: {
        "autoscaling.knative.dev/maxScale": String(Math.max(1, most)),
        ...metadata.annotations,
      },
    },
    spec: {
      ...spec,
      containerConcurrency:
        spec.containerConcurrency === undefined ||
        spec.containerConcurrency === 0
          ? cpu < 1
            ? 1
            : 80
          : spec.containerConcurrency,
      timeoutSeconds: spec.timeoutSeconds ?? 300,
      serviceAccountName:
        spec.serviceAccountName === undefined || spec.serviceAccountName === ""
          ? defaultAccount
          : spec.serviceAccountName,
      containers: [container],
    },
  };
}

function fillContainer(
  sent: Container,
  ownProbe: boolean,
): RevisionTemplate["spec"]["containers"][0] {
  const image = sent.image ?? "";
  const [first, ...others] = sent.ports ?? [];
  const port = first?.containerPort ?? 8080;
  const limits = sent.resources?.limits ?? {};
  return {
    ...sent,
    image,
    name: sent.name ?? `${baseName(image)}-1`,
    ports: [
      { ...first, name: first?.name ?? "http1", containerPort: port },
      ...others,
    ],
    resources: {
      limits: {
        ...limits,
        cpu: limits.cpu ?? "1000m",
        memory: limits.memory ?? "512Mi",
      },
    },
    startupProbe:
      ownProbe && sent.startupProbe !== undefined
        ? fillProbe(sent.startupProbe, port)
        : {
            timeoutSeconds: 240,
            periodSeconds: 240,
            failureThreshold: 1,
            tcpSocket: { port },
          },
    ...(sent.livenessProbe !== undefined && {
      livenessProbe: fillProbe(sent.livenessProbe, port),
    }),
  };
}

function fillProbe(probe: ProbeMessage, port: number): ProbeMessage {
  const { httpGet, tcpSocket } = probe;
  return {
    ...probe,
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    periodSeconds: probe.periodSeconds ?? 10,
    failureThreshold: probe.failureThreshold ?? 3,
    ...(httpGet && { httpGet: { path: "/", port, ...httpGet } }),
    ...(tcpSocket && { tcpSocket: { port, ...tcpSocket } }),
  };
}

/** The last part of an image's path, without tag and digest. */
function baseName(image: string): string {
  const path = image.replace(/@.*$/, "");
  return path.slice(path.lastIndexOf("/") + 1).replace(/:.*$/, "");
}

/** The traffic with Cloud Run's default, everything to the latest revision, and without zeros. */
export function fillTraffic(
  sent: readonly TrafficTarget[] = [],
): TrafficTarget[] {
  if (sent.length === 0) return [{ latestRevision: true, percent: 100 }];
  return sent.map(({ revisionName, latestRevision, percent, tag }) => ({
    ...(revisionName !== undefined && revisionName !== "" && { revisionName }),
    ...((latestRevision ?? !revisionName) && { latestRevision: true }),
    ...(percent !== undefined && percent !== 0 && { percent }),
    ...(tag !== undefined && tag !== "" && { tag }),
  }));
}
