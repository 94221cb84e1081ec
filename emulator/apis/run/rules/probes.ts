import { notCovered } from "../coverage.ts";
import type { ProbeMessage, RevisionTemplate } from "../model.ts";
import type { Violations } from "../violations.ts";

/** Checks the probes, their defaults filled in (docs: "Container health checks"). */
export function checkProbes(
  template: RevisionTemplate,
  violations: Violations,
): void {
  const { startupProbe, livenessProbe, readinessProbe } =
    template.spec.containers[0];
  const path = "service.spec.template.spec.containers[0]";
  if (readinessProbe !== undefined) {
    throw notCovered("readinessProbe, a preview of Cloud Run's");
  }
  checkProbe(startupProbe, `${path}.startup_probe`, 240, violations);
  checkStartupTime(startupProbe, `${path}.startup_probe`, violations);
  if (livenessProbe === undefined) return;
  checkProbe(livenessProbe, `${path}.liveness_probe`, 3600, violations);
  if (livenessProbe.tcpSocket !== undefined) {
    violations.add(
      `${path}.liveness_probe.tcp_socket`,
      "is not supported for liveness probes: use http_get.",
    );
  }
}

function checkProbe(
  probe: ProbeMessage,
  field: string,
  most: number,
  violations: Violations,
): void {
  const kinds = [probe.httpGet, probe.tcpSocket].filter((k) => k !== undefined);
  if (kinds.length !== 1) {
    violations.add(field, "must have exactly one of http_get and tcp_socket.");
  }
  const limits: [keyof ProbeMessage, string, number, number][] = [
    ["initialDelaySeconds", "initial_delay_seconds", 0, most],
    ["timeoutSeconds", "timeout_seconds", 1, most],
    ["periodSeconds", "period_seconds", 1, most],
    ["failureThreshold", "failure_threshold", 1, Number.MAX_SAFE_INTEGER],
    ["successThreshold", "success_threshold", 1, 1],
  ];
  for (const [name, member, least, greatest] of limits) {
    const value = probe[name];
    if (typeof value !== "number") continue;
    if (value >= least && value <= greatest) continue;
    violations.add(
      `${field}.${member}`,
      `must be between ${least} and ${greatest}.`,
    );
  }
  if ((probe.timeoutSeconds ?? 1) > (probe.periodSeconds ?? 10)) {
    violations.add(
      `${field}.timeout_seconds`,
      "must be less than period_seconds.",
    );
  }
}

function checkStartupTime(
  probe: ProbeMessage,
  field: string,
  violations: Violations,
): void {
  const seconds = (probe.failureThreshold ?? 3) * (probe.periodSeconds ?? 10);
  if (seconds <= 240) return;
  violations.add(
    field,
    `failure_threshold times period_seconds must not exceed 240 seconds; it is ${seconds}.`,
  );
}
