import { notCovered } from "../coverage.ts";
import type { EnvVar, RevisionTemplate, TemplateMessage } from "../model.ts";
import type { Violations } from "../violations.ts";

const PATH = "spec.template.spec.containers[0]";
const RESERVED = ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"];

/** Checks that there is the one container that a service needs, before defaults are filled in. */
export function checkContainers(
  template: TemplateMessage,
  violations: Violations,
): void {
  const containers = template.spec?.containers ?? [];
  if (containers.length > 1) {
    throw notCovered("sidecars: give the service one container");
  }
  if (containers.length === 0) {
    violations.add(
      "service.spec.template.spec.containers",
      "should contain at least one container",
    );
  } else if (!isImagePath(containers[0]?.image ?? "")) {
    violations.add(
      "service.spec.template.spec.containers[0].image",
      "must be a container image path in the form [hostname/]repo-path[:tag and/or @digest]",
    );
  }
}

/** Checks the container itself: name, port, environment. */
export function checkContainer(
  template: RevisionTemplate,
  violations: Violations,
): void {
  const { name, ports, env = [] } = template.spec.containers[0];
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    violations.add(`${PATH}.name`, `'${name}' is not a DNS label (RFC 1123).`);
  }
  const [{ containerPort, name: protocol }] = ports;
  if (ports.length > 1) {
    violations.add(`${PATH}.ports`, "only one port can be specified.");
  }
  if (containerPort < 1 || containerPort > 65535) {
    violations.add(
      `${PATH}.ports[0].container_port`,
      "must be between 1 and 65535.",
    );
  }
  if (protocol === "h2c") {
    throw notCovered("HTTP/2 to the container (h2c)");
  }
  if (protocol !== "http1") {
    violations.add(`${PATH}.ports[0].name`, "must be 'http1' or 'h2c'.");
  }
  checkEnvironment(env, violations);
}

function isImagePath(image: string): boolean {
  return /^[a-z0-9][a-zA-Z0-9._:-]*(\/[a-z0-9][a-z0-9._-]*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/.test(
    image,
  );
}

function checkEnvironment(env: readonly EnvVar[], violations: Violations) {
  const names = env.map(({ name = "" }) => name);
  const reserved = RESERVED.filter((name) => names.includes(name));
  if (reserved.length > 0) {
    violations.add(
      `${PATH}.env`,
      `The following reserved env names were provided: ${reserved.join(", ")}. These values are automatically set by the system.`,
    );
  }
  for (const [index, variable] of env.entries()) {
    checkVariable(variable, `${PATH}.env[${index}]`, names, violations);
  }
}

function checkVariable(
  variable: EnvVar,
  field: string,
  names: readonly string[],
  violations: Violations,
): void {
  const { name = "", value = "", valueFrom } = variable;
  if (name === "" || name.includes("=")) {
    violations.add(`${field}.name`, "must be a name without '='.");
  }
  if (valueFrom === undefined) return;
  const { name: secret = "", key = "" } = valueFrom.secretKeyRef ?? {};
  if (value !== "") {
    violations.add(field, "value and value_from must not both be set.");
  }
  if (secret === "" || key === "") {
    violations.add(
      `${field}.value_from.secret_key_ref`,
      "must name a secret and a version (key).",
    );
  }
  if (names.filter((other) => other === name).length > 1) {
    violations.add(
      `${field}.name`,
      `'${name}' refers to a secret and must be unique in the container.`,
    );
  }
}
