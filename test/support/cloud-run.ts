import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { createServiceAccount } from "../../emulator/apis/iam/service-account.ts";
import { type RunService, runOf } from "../../emulator/apis/run/state.ts";
import { startTestEmulator, type TestEmulator } from "./emulator.ts";
import { callRest, type RestAnswer } from "./rest.ts";
import { TEST_IMAGE } from "./runtime.ts";

export const REGION = "us-central1";
export const SERVICES = `/v1/projects/demo-litellm/locations/${REGION}/services`;
export const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";

/** An emulator with the APIs on, a runtime account, and the image of test/support/container.ts. */
export async function startRunEmulator(): Promise<TestEmulator> {
  const container = fileURLToPath(new URL("container.ts", import.meta.url));
  const emulator = await startTestEmulator({
    litellm: "stand-in",
    scripts: { [TEST_IMAGE]: container },
  });
  const project = emulator.cloud.project("demo-litellm");
  for (const api of ["run", "secretmanager", "iam"]) {
    project.enabledApis.add(`${api}.googleapis.com`);
  }
  createServiceAccount(project, ACCOUNT, {});
  return emulator;
}

/** What a client sends; parts of it are changed in tests. */
export interface SentService {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    resourceVersion?: string;
  };
  spec: {
    template: {
      metadata: {
        name?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
      };
      spec: Record<string, unknown> & {
        containers: (Record<string, unknown> & { env?: object[] })[];
      };
    };
    traffic?: object[];
  };
}

/** A service that starts, from the test image. */
export function newService(name = "hello"): SentService {
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: { name },
    spec: {
      template: {
        metadata: {},
        spec: {
          serviceAccountName: ACCOUNT,
          containers: [{ image: TEST_IMAGE }],
        },
      },
    },
  };
}

/** The service with an environment variable, so that a new revision is made of it. */
export function withEnv(
  service: SentService,
  name: string,
  value: string,
): SentService {
  const changed = structuredClone(service);
  const [container] = changed.spec.template.spec.containers;
  if (container) container.env = [...(container.env ?? []), { name, value }];
  return changed;
}

export function create(
  emulator: TestEmulator,
  service: SentService,
): Promise<RestAnswer> {
  return callRest(emulator, "POST", SERVICES, service);
}

export function replace(
  emulator: TestEmulator,
  service: SentService,
): Promise<RestAnswer> {
  const path = `${SERVICES}/${service.metadata.name}`;
  return callRest(emulator, "PUT", path, service);
}

/** The service once it is ready or has failed. */
export function settled(
  emulator: TestEmulator,
  name = "hello",
): Promise<RunService> {
  return vi.waitFor(
    () => {
      const { services } = runOf(emulator.cloud.project("demo-litellm"));
      const service = services.get(`${REGION}/${name}`);
      const ready = service?.conditions.find((c) => c.type === "Ready");
      if (service === undefined || ready?.status === "Unknown") {
        throw new Error(`${name} has not settled`);
      }
      return service;
    },
    { timeout: 30_000, interval: 20 },
  );
}

/** Status and message of each condition. */
export function conditionsOf(
  holder: Pick<RunService, "conditions">,
): Record<string, [status: string, message?: string]> {
  return Object.fromEntries(
    holder.conditions.map(({ type, status, message }) => [
      type,
      message === undefined ? [status] : [status, message],
    ]),
  );
}
