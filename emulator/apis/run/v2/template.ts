import type {
  Container,
  EnvVar,
  ProbeMessage,
  RevisionTemplate,
  Volume,
} from "../model.ts";

/** v1's system annotations and labels; in v2 each has a field of its own (discovery document, `Service.annotations`). */
const SYSTEM =
  /^(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

/** What a template and a revision have in common, as Cloud Run v2 shows it. */
export function showTemplateV2(template: RevisionTemplate): object {
  const { metadata, spec } = template;
  const of = (name: string) => metadata.annotations[name];
  const environment = of("run.googleapis.com/execution-environment");
  const volumes = spec.volumes ?? [];
  return {
    ...withoutSystem("labels", metadata.labels),
    ...withoutSystem("annotations", metadata.annotations),
    scaling: scalingV2(
      of("autoscaling.knative.dev/minScale"),
      of("autoscaling.knative.dev/maxScale"),
    ),
    ...showVpcAccess(metadata.annotations),
    timeout: `${spec.timeoutSeconds}s`,
    serviceAccount: spec.serviceAccountName,
    containers: [showContainer(template)],
    ...(volumes.length > 0 && { volumes: volumes.map(showVolume) }),
    ...(environment !== undefined && {
      executionEnvironment: `EXECUTION_ENVIRONMENT_${environment.toUpperCase()}`,
    }),
    maxInstanceRequestConcurrency: spec.containerConcurrency,
    ...(of("run.googleapis.com/sessionAffinity") === "true" && {
      sessionAffinity: true,
    }),
  };
}

/** Without what the other version keeps in system annotations and labels. */
export function withoutSystem(
  field: "labels" | "annotations",
  values: Readonly<Record<string, string>>,
): object {
  const own = Object.entries(values).filter(([name]) => !SYSTEM.test(name));
  return own.length === 0 ? {} : { [field]: Object.fromEntries(own) };
}

export function scalingV2(
  least: string | undefined,
  most: string | undefined,
): object {
  return {
    ...(least !== undefined && { minInstanceCount: Number(least) }),
    ...(most !== undefined && { maxInstanceCount: Number(most) }),
  };
}

function showVpcAccess(annotations: Readonly<Record<string, string>>): object {
  const interfaces = annotations["run.googleapis.com/network-interfaces"];
  if (interfaces === undefined) return {};
  const egress = annotations["run.googleapis.com/vpc-access-egress"];
  const networkInterfaces = JSON.parse(interfaces) as Record<string, string>[];
  const vpcAccess = {
    networkInterfaces: networkInterfaces.map(({ network, subnetwork }) => ({
      ...(network !== undefined && { network }),
      ...(subnetwork !== undefined && { subnetwork }),
    })),
    ...(egress !== undefined && {
      egress: egress.toUpperCase().replaceAll("-", "_"),
    }),
  };
  return { vpcAccess };
}

function showContainer({ metadata, spec }: RevisionTemplate): object {
  const [container] = spec.containers;
  const { command = [], args = [], env = [], volumeMounts = [] } = container;
  const throttled = metadata.annotations["run.googleapis.com/cpu-throttling"];
  const boost = metadata.annotations["run.googleapis.com/startup-cpu-boost"];
  return {
    name: container.name,
    image: container.image,
    ...(command.length > 0 && { command }),
    ...(args.length > 0 && { args }),
    ...(env.length > 0 && { env: env.map(showEnv) }),
    resources: {
      limits: container.resources.limits,
      cpuIdle: throttled !== "false",
      ...(boost === "true" && { startupCpuBoost: true }),
    },
    ports: container.ports.map(({ name, containerPort }) => ({
      ...(name !== undefined && { name }),
      containerPort,
    })),
    ...(volumeMounts.length > 0 && { volumeMounts }),
    ...showProbes(container),
  };
}

function showProbes({ startupProbe, livenessProbe }: Container): object {
  // v2 has no successThreshold.
  const show = (probe: ProbeMessage): ProbeMessage =>
    Object.fromEntries(
      Object.entries(probe).filter(([name]) => name !== "successThreshold"),
    );
  return {
    ...(startupProbe && { startupProbe: show(startupProbe) }),
    ...(livenessProbe && { livenessProbe: show(livenessProbe) }),
  };
}

function showEnv({ name, value, valueFrom }: EnvVar): object {
  const { secretKeyRef } = valueFrom ?? {};
  if (secretKeyRef === undefined) return { name, value: value ?? "" };
  const { name: secret, key: version } = secretKeyRef;
  return { name, valueSource: { secretKeyRef: { secret, version } } };
}

function showVolume({ name, secret }: Volume): object {
  const items = secret?.items ?? [];
  return {
    name,
    secret: {
      secret: secret?.secretName,
      ...(items.length > 0 && {
        items: items.map(({ key, path }) => ({ version: key, path })),
      }),
    },
  };
}
