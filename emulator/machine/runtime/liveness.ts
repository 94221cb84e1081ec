import { setTimeout as delay } from "node:timers/promises";
import type { Container } from "./container.ts";
import type { InstanceSpec, Probe } from "./instance.ts";
import { attempt, describeProbe, type PortMap, portOf } from "./probe.ts";
import { containerName } from "./startup.ts";

/** Kills the container when its liveness probe fails too often in a row. Returns what ends the watch. */
export function watchLiveness(
  spec: InstanceSpec,
  container: Container,
  ports: PortMap,
): () => void {
  const { livenessProbe } = spec;
  if (livenessProbe === undefined) return () => undefined;
  const watch = new AbortController();
  void probeWhileUp(livenessProbe, spec, container, ports, watch.signal);
  return () => {
    watch.abort();
  };
}

async function probeWhileUp(
  probe: Probe,
  spec: InstanceSpec,
  container: Container,
  ports: PortMap,
  signal: AbortSignal,
): Promise<void> {
  const port = ports(portOf(probe, spec.containerPort));
  let failures = 0;
  await pause(probe.initialDelaySeconds, signal);
  while (failures < probe.failureThreshold) {
    await pause(probe.periodSeconds, signal);
    if (signal.aborted) return;
    failures = (await attempt(probe, port, 0, signal)) ? 0 : failures + 1;
  }
  const { kind, target } = describeProbe(probe, spec.containerPort);
  container.kill({
    cause: "liveness",
    message: `LIVENESS ${kind} probe failed ${failures} times consecutively for container "${containerName(spec)}" ${target}. The instance has been shut down.`,
  });
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await delay(seconds * 1000, undefined, { signal, ref: false }).catch(
    () => undefined,
  );
}
