import type {
  RevisionTemplate,
  ServiceMessage,
  TrafficTarget,
} from "../model.ts";
import type { Quota } from "../state.ts";
import { Violations } from "../violations.ts";
import { checkAnnotations } from "./annotations.ts";
import { checkContainer, checkContainers } from "./container.ts";
import {
  checkLabels,
  checkRevisionName,
  checkServiceMetadata,
  type Place,
} from "./metadata.ts";
import { checkProbes } from "./probes.ts";
import { checkResources } from "./resources.ts";
import { checkScale } from "./scale.ts";
import { checkTraffic } from "./traffic.ts";
import { checkVolumes } from "./volumes.ts";

/** Checks what must be right before defaults can be filled in. Throws INVALID_ARGUMENT. */
export function checkMessage(message: ServiceMessage, place: Place): void {
  const violations = new Violations();
  checkServiceMetadata(message, place, violations);
  checkContainers(message.spec?.template ?? {}, violations);
  violations.throwIfAny();
}

/** Checks a service with its defaults filled in. Throws INVALID_ARGUMENT. */
export function checkService(
  service: string,
  template: RevisionTemplate,
  traffic: readonly TrafficTarget[],
  annotations: Readonly<Record<string, string>>,
  quota: Quota,
): void {
  const violations = new Violations();
  const { metadata, spec } = template;
  if (metadata.name !== undefined) {
    checkRevisionName(metadata.name, service, violations);
  }
  const path = "spec.template.metadata";
  checkLabels(metadata.labels, `${path}.labels`, violations);
  checkAnnotations(
    "Revision",
    metadata.annotations,
    `${path}.annotations`,
    violations,
  );
  if (spec.timeoutSeconds < 1 || spec.timeoutSeconds > 3600) {
    violations.add(
      "service.spec.template.spec.timeout_seconds",
      "must be between 1 and 3600: the maximum allowed time is one hour.",
    );
  }
  if (spec.containerConcurrency < 1 || spec.containerConcurrency > 1000) {
    violations.add(
      "service.spec.template.spec.container_concurrency",
      "must be between 0 and 1000.",
    );
  }
  checkContainer(template, violations);
  checkResources(template, violations);
  checkProbes(template, violations);
  checkVolumes(template, violations);
  checkScale(template, annotations, quota, violations);
  checkTraffic(service, traffic, violations);
  violations.throwIfAny();
}
