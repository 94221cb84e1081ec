import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  newService,
  SERVICES,
  startRunEmulator,
  type SentService,
} from "../../../support/cloud-run.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startRunEmulator();
});
afterAll(() => emulator.close());

type Change = (service: SentService) => void;

/** The answer to a service that is checked only, with its container and template at hand. */
async function check(change: Change) {
  const service = newService();
  change(service);
  return callRest(emulator, "POST", `${SERVICES}?dryRun=all`, service);
}

const container = (fields: Record<string, unknown>): Change => {
  return ({ spec }) => {
    Object.assign(spec.template.spec.containers[0] ?? {}, fields);
  };
};
const limits = (cpu: string, memory: string): Change =>
  container({ resources: { limits: { cpu, memory } } });
const template = (fields: Record<string, unknown>): Change => {
  return ({ spec }) => {
    Object.assign(spec.template.spec, fields);
  };
};
const revision = (annotations: Record<string, string>): Change => {
  return ({ spec }) => {
    spec.template.metadata.annotations = annotations;
  };
};
const service = (annotations: Record<string, string>): Change => {
  return ({ metadata }) => {
    metadata.annotations = annotations;
  };
};
const traffic = (...targets: object[]): Change => {
  return ({ spec }) => {
    spec.traffic = targets;
  };
};
const probe = (fields: Record<string, unknown>): Change =>
  container({ startupProbe: { tcpSocket: {}, ...fields } });

describe("a service", () => {
  it.each<[string, Change]>([
    ["with nothing but an image", () => undefined],
    ["with half a CPU for one request at a time", limits("500m", "512Mi")],
    ["with eight CPUs and all the memory", limits("8", "32Gi")],
    ["with a startup probe of 240 s", probe({ failureThreshold: 24 })],
    [
      "with every kind of scaling limit",
      (s) => {
        revision({ "autoscaling.knative.dev/minScale": "1" })(s);
        service({ "run.googleapis.com/maxScale": "3" })(s);
      },
    ],
    [
      "with an annotation of somebody else's",
      service({ "example.com/team": "a" }),
    ],
    [
      "with the longest tag",
      traffic(
        { latestRevision: true, percent: 100 },
        { latestRevision: true, tag: "t".repeat(41) },
      ),
    ],
  ])("%s is taken", async (_title, change) => {
    const { status, message } = await check(change);
    expect([status, message]).toEqual([200, ""]);
  });

  it.each<[string, Change, string]>([
    [
      "a name that is none",
      ({ metadata }) => {
        metadata.name = "Hello";
      },
      "service.metadata.name: only lowercase, digits, and hyphens; must begin with letter, and may not end with hyphen; must be less than 50 characters.",
    ],
    [
      "another kind",
      (sent) => {
        sent.kind = "Deployment";
      },
      "service.kind: must be 'Service'.",
    ],
    [
      "a revision of another service's name",
      ({ spec }) => {
        spec.template.metadata.name = "other-1";
      },
      "service.spec.template.metadata.name: The revision name must be prefixed by the name of the enclosing Service with a trailing -",
    ],
    [
      "a revision name of 64 characters",
      ({ spec }) => {
        spec.template.metadata.name = `hello-${"x".repeat(58)}`;
      },
      "service.spec.template.metadata.name: only lowercase, digits, and hyphens; must begin with letter, and may not end with hyphen; must be less than 64 characters.",
    ],
    [
      "a label in capitals",
      ({ metadata }) => {
        metadata.labels = { Team: "a" };
      },
      "metadata.labels[Team]: label keys must start with a lowercase letter, contain only lowercase letters, digits, '_' and '-', and have at most 63 characters.",
    ],
    [
      "a revision's annotation on the service",
      service({ "autoscaling.knative.dev/maxScale": "1" }),
      "metadata.annotations[autoscaling.knative.dev/maxScale]: Annotation 'autoscaling.knative.dev/maxScale' is not supported on resources of kind 'Service'. Supported kinds are: Revision",
    ],
    [
      "an annotation that Cloud Run does not have",
      revision({ "run.googleapis.com/startup-boost": "true" }),
      "spec.template.metadata.annotations[run.googleapis.com/startup-boost]: Annotation 'run.googleapis.com/startup-boost' is not supported on resources of kind 'Revision'.",
    ],
    [
      "an unknown ingress",
      service({ "run.googleapis.com/ingress": "none" }),
      "metadata.annotations[run.googleapis.com/ingress]: must be one of 'all', 'internal', 'internal-and-cloud-load-balancing'.",
    ],
    [
      "more least than most instances",
      revision({
        "autoscaling.knative.dev/minScale": "3",
        "autoscaling.knative.dev/maxScale": "2",
      }),
      "spec.template.metadata.annotations[autoscaling.knative.dev/minScale]: Min instances (3) must not be greater than max instances (2).",
    ],
    [
      "a revision's maximum that the region's quota has no room for",
      revision({ "autoscaling.knative.dev/maxScale": "100" }),
      "spec.template.metadata.annotations[autoscaling.knative.dev/maxScale]: Max instances must be set to 20 or fewer to set the requested total CPU.\nConsider running your workload in a region with greater capacity, or requesting an increase in quota for this region if you are seeing sustained usage near this limit, see https://cloud.google.com/run/quotas.\n\nQuota violated:\nCpuAllocPerProjectRegion requested: 100000 allowed: 20000\nMemAllocPerProjectRegion requested: 53687091200 allowed: 42949672960",
    ],
    [
      "a service's maximum that the region's quota has no room for",
      service({ "run.googleapis.com/maxScale": "21" }),
      "metadata.annotations[run.googleapis.com/maxScale]: Max instances must be set to 20 or fewer to set the requested total CPU.\nConsider running your workload in a region with greater capacity, or requesting an increase in quota for this region if you are seeing sustained usage near this limit, see https://cloud.google.com/run/quotas.\n\nQuota violated:\nCpuAllocPerProjectRegion requested: 21000 allowed: 20000",
    ],
    [
      "a concurrency above 1000",
      template({ containerConcurrency: 1001 }),
      "service.spec.template.spec.container_concurrency: must be between 0 and 1000.",
    ],
    [
      "a timeout above one hour",
      template({ timeoutSeconds: 3601 }),
      "service.spec.template.spec.timeout_seconds: must be between 1 and 3600: the maximum allowed time is one hour.",
    ],
    [
      "no container",
      template({ containers: [] }),
      "service.spec.template.spec.containers: should contain at least one container",
    ],
    [
      "an image that is no path",
      container({ image: "Not An Image" }),
      "service.spec.template.spec.containers[0].image: must be a container image path in the form [hostname/]repo-path[:tag and/or @digest]",
    ],
    [
      "a registry that Cloud Run does not pull from",
      container({ image: "ghcr.io/berriai/litellm:v1" }),
      "spec.template.spec.containers[0].image: Expected an image path like [host/]repo-path[:tag and/or @digest], where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ghcr.io/berriai/litellm:v1",
    ],
    [
      "the port as a variable",
      container({ env: [{ name: "PORT", value: "1" }, { name: "K_SERVICE" }] }),
      "spec.template.spec.containers[0].env: The following reserved env names were provided: PORT, K_SERVICE. These values are automatically set by the system.",
    ],
    [
      "a port out of range",
      container({ ports: [{ containerPort: 70000 }] }),
      "spec.template.spec.containers[0].ports[0].container_port: must be between 1 and 65535.",
    ],
    [
      "a CPU that is not offered",
      limits("3", "4Gi"),
      "spec.template.spec.containers[0].resources.limits.cpu: Invalid value specified for container cpu. Must be equal to one of [.08-1], 1.0, 2.0, 4.0, 6.0, 8.0",
    ],
    [
      "too little memory for four CPUs",
      limits("4", "1Gi"),
      "spec.template.spec.containers[0].resources.limits.memory: Invalid value specified for memory. For 4.0 CPU, memory must be between 2Gi and 16Gi inclusive.",
    ],
    [
      "too much memory for one CPU",
      limits("1", "8Gi"),
      "spec.template.spec.containers[0].resources.limits.memory: Invalid value specified for memory. For 1.0 CPU, memory must be between 128Mi and 4Gi inclusive.",
    ],
    [
      "memory that is no quantity",
      limits("1", "1GB"),
      "spec.template.spec.containers[0].resources.limits.memory: Invalid value specified for memory: '1GB' is not a quantity such as 512Mi or 2Gi.",
    ],
    [
      "too little memory for the second generation",
      (sent) => {
        limits("1", "256Mi")(sent);
        revision({ "run.googleapis.com/execution-environment": "gen2" })(sent);
      },
      "spec.template.spec.containers[0].resources.limits.memory: Invalid value specified for memory with gen2 execution environment. For 1.0 CPU, memory must be between 512Mi and 4Gi inclusive.",
    ],
    [
      "half a CPU for several requests at a time",
      (sent) => {
        limits("500m", "256Mi")(sent);
        template({ containerConcurrency: 2 })(sent);
      },
      "spec.template.spec.containers.resources.limits.cpu: Invalid value specified for cpu. Total cpu < 1 is not supported with concurrency > 1.",
    ],
    [
      "half a CPU that is always there",
      (sent) => {
        limits("500m", "256Mi")(sent);
        revision({ "run.googleapis.com/cpu-throttling": "false" })(sent);
      },
      "spec.template.spec.containers.resources.limits.cpu: Invalid value specified for cpu. Total cpu < 1 is not supported with cpu always allocated (unthrottled).",
    ],
    [
      "a startup probe of more than 240 s",
      probe({ failureThreshold: 25 }),
      "service.spec.template.spec.containers[0].startup_probe: failure_threshold times period_seconds must not exceed 240 seconds; it is 250.",
    ],
    [
      "a probe that waits longer than its period",
      probe({ timeoutSeconds: 11 }),
      "service.spec.template.spec.containers[0].startup_probe.timeout_seconds: must be less than period_seconds.",
    ],
    [
      "a liveness probe by TCP",
      container({ livenessProbe: { tcpSocket: {} } }),
      "service.spec.template.spec.containers[0].liveness_probe.tcp_socket: is not supported for liveness probes: use http_get.",
    ],
    [
      "a probe of two kinds",
      probe({ httpGet: {} }),
      "service.spec.template.spec.containers[0].startup_probe: must have exactly one of http_get and tcp_socket.",
    ],
    [
      "a mount of a volume that is not there",
      container({ volumeMounts: [{ name: "config", mountPath: "/secrets" }] }),
      "spec.template.spec.containers[0].volume_mounts[0].name: there is no volume named 'config'.",
    ],
    [
      "a secret's path that leads out of its volume",
      template({
        volumes: [
          {
            name: "config",
            secret: { secretName: "s", items: [{ key: "1", path: "../a" }] },
          },
        ],
      }),
      "spec.template.spec.volumes[0].secret.items[0].path: must be a relative path without '..' elements.",
    ],
    [
      "a secret variable without a version",
      container({
        env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "s" } } }],
      }),
      "spec.template.spec.containers[0].env[0].value_from.secret_key_ref: must name a secret and a version (key).",
    ],
    [
      "traffic below 100 percent",
      traffic({ latestRevision: true, percent: 90 }),
      "spec.traffic: The percentages of the traffic targets must add up to 100, not 90.",
    ],
    [
      "a tag of two characters",
      traffic({ latestRevision: true, percent: 100, tag: "ab" }),
      "spec.traffic.tag: invalid traffic tag 'ab': only lowercase letters, digits and hyphens, at least 3 characters; must begin with a letter, and may not end with a hyphen.",
    ],
    [
      "a tag that is too long for the service's name",
      traffic({ latestRevision: true, percent: 100, tag: "t".repeat(42) }),
      `spec.traffic.tag: traffic tag '${"t".repeat(42)}' and service name 'hello' together are too long. Combined traffic tag and service name cannot exceed 46 characters.`,
    ],
    [
      "a tag twice",
      traffic(
        { latestRevision: true, percent: 100, tag: "same" },
        { revisionName: "hello-1", tag: "same" },
      ),
      "spec.traffic.tag: duplicate traffic tag 'same'.",
    ],
  ])("with %s is refused", async (_title, change, expected) => {
    const { status, message, code } = await check(change);
    expect(message).toBe(expected);
    expect([status, code]).toEqual([400, "INVALID_ARGUMENT"]);
  });

  it.each<[string, Change, string]>([
    [
      "an unknown field",
      container({ volumeMount: [] }),
      "Invalid JSON payload received. Unknown name \"volumeMount\" at 'service.spec.template.spec.containers[0]': Cannot find field.",
    ],
    [
      "a number where text belongs",
      container({ env: [{ name: "A", value: 1 }] }),
      "Invalid value at 'service.spec.template.spec.containers[0].env[0].value' (TYPE_STRING), 1",
    ],
    [
      "text where a number belongs",
      template({ timeoutSeconds: "long" }),
      "Invalid value at 'service.spec.template.spec.timeout_seconds' (TYPE_INT32), \"long\"",
    ],
    [
      "what Cloud Run leaves to Kubernetes",
      template({ imagePullSecrets: [{ name: "s" }] }),
      "service.spec.template.spec.image_pull_secrets: must be unset",
    ],
    [
      "what the emulator does not do",
      template({ volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] }),
      "The emulated Google Cloud does not cover the field service.spec.template.spec.volumes[0].empty_dir.",
    ],
    [
      "a sidecar",
      template({ containers: [{ image: "a" }, { image: "b" }] }),
      "The emulated Google Cloud does not cover sidecars: give the service one container.",
    ],
    [
      "a connector to a network",
      revision({ "run.googleapis.com/vpc-access-connector": "mine" }),
      "The emulated Google Cloud does not cover the annotation run.googleapis.com/vpc-access-connector.",
    ],
  ])("with %s is refused", async (_title, change, expected) => {
    const { status, message } = await check(change);
    expect([status, message]).toEqual([400, expected]);
  });

  it("is told of everything that is wrong at once", async () => {
    const { message, body } = await check((sent) => {
      template({ timeoutSeconds: 0, containerConcurrency: 2000 })(sent);
      traffic({ latestRevision: true, percent: 10 })(sent);
    });
    expect(message.split("\n")).toHaveLength(3);
    expect(body).toMatchObject({
      error: {
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            fieldViolations: [
              { field: "service.spec.template.spec.timeout_seconds" },
              { field: "service.spec.template.spec.container_concurrency" },
              { field: "spec.traffic" },
            ],
          },
        ],
      },
    });
  });

  it("that was only checked is not there", async () => {
    await check(() => undefined);
    expect(await callRest(emulator, "GET", `${SERVICES}/hello`)).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      message:
        "Resource 'hello' of kind 'SERVICE' in region 'us-central1' in project 'demo-litellm' does not exist.",
    });
  });
});
