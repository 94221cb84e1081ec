import { randomBytes } from "node:crypto";
import type { InstanceSpec, Probe } from "../../machine/runtime/instance.ts";
import { type RunContext, projectOf } from "./context.ts";
import { writeInstanceLog, writeRequestLog } from "./instance-log.ts";
import type { ProbeMessage } from "./model.ts";
import { parseCpu, parseMemory } from "./quantity.ts";
import { listSecretFiles, listSecretVariables, readSecret } from "./secrets.ts";
import type { RunRevision, RunService } from "./state.ts";

/** What a container of the revision is started from. Reads the secrets of its environment, and throws what Secret Manager answers. */
export function buildInstanceSpec(
  context: RunContext,
  service: RunService,
  revision: RunRevision,
): InstanceSpec {
  const { cloud } = context;
  const project = projectOf(context, service);
  const { template } = revision;
  const { spec } = template;
  const [container] = spec.containers;
  const account = spec.serviceAccountName;
  const instanceId = randomBytes(48).toString("hex");
  return {
    revision: revision.name,
    service: service.name,
    projectId: service.projectId,
    region: service.region,
    image: container.image,
    command: container.command ?? [],
    args: container.args ?? [],
    env: buildEnvironment(context, service, revision),
    files: listSecretFiles(cloud, project, template).map((file) => ({
      path: file.path,
      read: () => readSecret(cloud, file, account),
    })),
    containerPort: container.ports[0].containerPort,
    cpu: parseCpu(container.resources.limits.cpu) ?? 1,
    memoryBytes: parseMemory(container.resources.limits.memory) ?? 0,
    containerConcurrency: spec.containerConcurrency,
    timeoutSeconds: spec.timeoutSeconds,
    startupProbe: toProbe(container.startupProbe),
    livenessProbe: container.livenessProbe && toProbe(container.livenessProbe),
    serviceAccount: account,
    log: (entry) => {
      writeInstanceLog(project, service, revision, entry, instanceId);
    },
    logRequest: (entry) => {
      writeRequestLog(project, service, revision, entry, instanceId);
    },
  };
}

function buildEnvironment(
  context: RunContext,
  service: RunService,
  revision: RunRevision,
): Record<string, string> {
  const { cloud } = context;
  const { template } = revision;
  const [{ env = [], ports }] = template.spec.containers;
  const project = projectOf(context, service);
  const account = template.spec.serviceAccountName;
  const secrets = listSecretVariables(cloud, project, template);
  const environment: Record<string, string> = {};
  for (const { name = "", value = "" } of env) environment[name] = value;
  for (const secret of secrets) {
    const content = readSecret(cloud, secret, account);
    environment[secret.name] = content.toString();
  }
  return {
    ...environment,
    PORT: String(ports[0].containerPort),
    K_SERVICE: service.name,
    K_REVISION: revision.name,
    K_CONFIGURATION: service.name,
  };
}

function toProbe(probe: ProbeMessage): Probe {
  const { httpGet, tcpSocket } = probe;
  return {
    initialDelaySeconds: probe.initialDelaySeconds ?? 0,
    timeoutSeconds: probe.timeoutSeconds ?? 1,
    periodSeconds: probe.periodSeconds ?? 10,
    failureThreshold: probe.failureThreshold ?? 3,
    ...(httpGet && {
      httpGet: {
        path: httpGet.path ?? "/",
        ...(httpGet.port !== undefined && { port: httpGet.port }),
        ...(httpGet.httpHeaders && {
          httpHeaders: httpGet.httpHeaders.map(({ name = "", value = "" }) => ({
            name,
            value,
          })),
        }),
      },
    }),
    ...(tcpSocket && { tcpSocket }),
  };
}
