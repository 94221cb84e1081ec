import { setTimeout as delay } from "node:timers/promises";
import type { Container } from "./container.ts";
import { InstanceError, type InstanceSpec, type Probe } from "./instance.ts";
import { attempt, describeProbe, type PortMap, portOf } from "./probe.ts";

/** What Cloud Run uses where a service has no startup probe: the port must open within 240 s. */
const DEFAULT_PROBE: Probe = {
  initialDelaySeconds: 0,
  timeoutSeconds: 240,
  periodSeconds: 240,
  failureThreshold: 1,
};

/** Resolves when the startup probe has passed. Throws InstanceError with Google's message otherwise. */
export async function waitForStart(
  spec: InstanceSpec,
  container: Container,
  ports: PortMap,
): Promise<void> {
  const probe = spec.startupProbe ?? DEFAULT_PROBE;
  const gaveUp = new AbortController();
  const passed = probeUntilUp(probe, spec, ports, gaveUp.signal);
  const first = await Promise.race([passed, container.exited]);
  gaveUp.abort();
  if (typeof first === "number") {
    logProbe(spec, probe, `succeeded after ${attempts(first)}`, "INFO");
    return;
  }
  if (first === "failed") {
    logProbe(
      spec,
      probe,
      `failed ${times(probe.failureThreshold)} consecutively`,
      "ERROR",
      " The instance was not started.",
    );
    throw notStarted(spec, probe);
  }
  spec.log({ stream: "system", text: first.message, severity: "ERROR" });
  if (first.cause === "memory") {
    throw new InstanceError("HealthCheckContainerError", first.message);
  }
  throw notStarted(spec, undefined);
}

/** The number of attempts that it took, or that there were too many. */
async function probeUntilUp(
  probe: Probe,
  spec: InstanceSpec,
  ports: PortMap,
  signal: AbortSignal,
): Promise<number | "failed"> {
  const port = ports(portOf(probe, spec.containerPort));
  const periodMs = probe.periodSeconds * 1000;
  await pause(probe.initialDelaySeconds * 1000, signal);
  for (let number = 1; number <= probe.failureThreshold; number++) {
    const started = performance.now();
    if (await attempt(probe, port, periodMs, signal)) return number;
    if (signal.aborted) break;
    if (number < probe.failureThreshold) {
      await pause(started + periodMs - performance.now(), signal);
    }
  }
  return "failed";
}

async function pause(milliseconds: number, signal: AbortSignal) {
  if (milliseconds <= 0) return;
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

function logProbe(
  spec: InstanceSpec,
  probe: Probe,
  what: string,
  severity: "INFO" | "ERROR",
  end = "",
): void {
  const { kind, target } = describeProbe(probe, spec.containerPort);
  const name = isDefault(probe) ? "Default STARTUP" : "STARTUP";
  const text = `${name} ${kind} probe ${what} for container "${containerName(spec)}" ${target}.${end}`;
  spec.log({ stream: "system", text, severity });
}

/** Google's messages, as `gcloud run deploy` prints them. */
function notStarted(spec: InstanceSpec, probe: Probe | undefined) {
  const port = spec.containerPort;
  const cause =
    probe === undefined || isDefault(probe)
      ? `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended.`
      : "The user-provided container failed the configured startup probe checks.";
  return new InstanceError(
    "HealthCheckContainerError",
    `${cause} Logs for this revision might contain more information.\n\nLogs URL: ${logsUrl(spec)}\nFor more troubleshooting guidance, see https://cloud.google.com/run/docs/troubleshooting#container-failed-to-start`,
  );
}

function logsUrl(spec: InstanceSpec): string {
  const { projectId, service, revision } = spec;
  const filter = encodeURIComponent(
    `resource.type="cloud_run_revision"\nresource.labels.service_name="${service}"\nresource.labels.revision_name="${revision}"`,
  );
  return `https://console.cloud.google.com/logs/viewer?project=${projectId}&resource=cloud_run_revision/service_name/${service}/revision_name/${revision}&advancedFilter=${filter}`;
}

function isDefault(probe: Probe): boolean {
  return probe.httpGet === undefined && probe.periodSeconds === 240;
}

export function containerName(spec: InstanceSpec): string {
  return spec.containerName ?? `${spec.service}-1`;
}

function attempts(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}

function times(count: number): string {
  return count === 1 ? "1 time" : `${count} times`;
}
