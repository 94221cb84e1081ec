import { describe, expect, it } from "vitest";
import { NEW_PROJECT } from "../../../../emulator/apis/run/quota.ts";
import {
  fillTemplate,
  fillTraffic,
} from "../../../../emulator/apis/run/defaults.ts";

const ACCOUNT = "1-compute@developer.gserviceaccount.com";

describe("the defaults of a template", () => {
  it("are Google's where nothing but an image is given", () => {
    const container = {
      image: "us-docker.pkg.dev/cloudrun/container/hello:v1",
    };
    expect(
      fillTemplate({ spec: { containers: [container] } }, ACCOUNT, NEW_PROJECT),
    ).toEqual({
      metadata: {
        labels: { "run.googleapis.com/startupProbeType": "Default" },
        annotations: { "autoscaling.knative.dev/maxScale": "20" },
      },
      spec: {
        containerConcurrency: 80,
        timeoutSeconds: 300,
        serviceAccountName: ACCOUNT,
        containers: [
          {
            image: "us-docker.pkg.dev/cloudrun/container/hello:v1",
            name: "hello-1",
            ports: [{ name: "http1", containerPort: 8080 }],
            resources: { limits: { cpu: "1000m", memory: "512Mi" } },
            startupProbe: {
              timeoutSeconds: 240,
              periodSeconds: 240,
              failureThreshold: 1,
              tcpSocket: { port: 8080 },
            },
          },
        ],
      },
    });
  });

  it("take one request at a time below one CPU", () => {
    const template = fillTemplate(
      { spec: { containers: [{ resources: { limits: { cpu: "500m" } } }] } },
      ACCOUNT,
      NEW_PROJECT,
    );
    expect(template.spec.containerConcurrency).toBe(1);
  });

  it("complete probes of one's own with Google's times and the container's port", () => {
    const template = fillTemplate(
      {
        spec: {
          containers: [
            {
              ports: [{ containerPort: 4000 }],
              startupProbe: { httpGet: { path: "/health" } },
              livenessProbe: { httpGet: { path: "/live" }, periodSeconds: 15 },
            },
          ],
        },
      },
      ACCOUNT,
      NEW_PROJECT,
    );
    const [{ startupProbe, livenessProbe }] = template.spec.containers;
    expect(startupProbe).toEqual({
      timeoutSeconds: 1,
      periodSeconds: 10,
      failureThreshold: 3,
      httpGet: { path: "/health", port: 4000 },
    });
    expect(livenessProbe).toEqual({
      timeoutSeconds: 1,
      periodSeconds: 15,
      failureThreshold: 3,
      httpGet: { path: "/live", port: 4000 },
    });
    expect(
      template.metadata.labels["run.googleapis.com/startupProbeType"],
    ).toBe("Custom");
  });

  it("follow a changed port when a client sends back the default probe", () => {
    const first = fillTemplate(
      { spec: { containers: [{}] } },
      ACCOUNT,
      NEW_PROJECT,
    );
    const [container] = first.spec.containers;
    const second = fillTemplate(
      {
        ...first,
        spec: {
          ...first.spec,
          containers: [{ ...container, ports: [{ containerPort: 4000 }] }],
        },
      },
      ACCOUNT,
      NEW_PROJECT,
    );
    expect(second.spec.containers[0].startupProbe.tcpSocket).toEqual({
      port: 4000,
    });
  });
});

describe("the defaults of traffic", () => {
  it("send everything to the latest revision", () => {
    expect(fillTraffic()).toEqual([{ latestRevision: true, percent: 100 }]);
  });

  it("leave out zeros, as Google does", () => {
    expect(
      fillTraffic([
        { revisionName: "s-1", percent: 100, latestRevision: false },
        { revisionName: "s-2", percent: 0, tag: "candidate" },
      ]),
    ).toEqual([
      { revisionName: "s-1", percent: 100 },
      { revisionName: "s-2", tag: "candidate" },
    ]);
  });
});
