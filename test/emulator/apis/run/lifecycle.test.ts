import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import {
  conditionsOf,
  create,
  newService,
  REGION,
  replace,
  SERVICES,
  type SentService,
  settled,
  startRunEmulator,
  withEnv,
} from "../../../support/cloud-run.ts";
import { loadDiscovery } from "../../../support/discovery.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";
import { runOf } from "../../../../emulator/apis/run/state.ts";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startRunEmulator();
});
afterEach(async () => {
  await callRest(emulator, "DELETE", `${SERVICES}/hello`);
});
afterAll(() => emulator.close());

const REVISIONS = SERVICES.replace(/services$/, "revisions");

interface ShownService {
  metadata: { resourceVersion: string; generation: number; labels: object };
  status: { url: string; latestCreatedRevisionName: string };
}

async function read(): Promise<ShownService> {
  const { body } = await callRest(emulator, "GET", `${SERVICES}/hello`);
  return body as ShownService;
}

/** The service with its traffic by name. */
function withTraffic(service: SentService, ...traffic: object[]): SentService {
  const changed = structuredClone(service);
  changed.spec.traffic = traffic;
  return changed;
}

function named(service: SentService, revision: string): SentService {
  const changed = structuredClone(service);
  changed.spec.template.metadata.name = revision;
  return changed;
}

async function ask(url: string | undefined): Promise<string> {
  const response = await fetch(url ?? "");
  return response.text();
}

function phases(): Record<string, string> {
  const { services } = runOf(emulator.cloud.project("demo-litellm"));
  const revisions = services.get(`${REGION}/hello`)?.revisions.values() ?? [];
  return Object.fromEntries([...revisions].map((r) => [r.name, r.phase]));
}

const open = (service: SentService): SentService => {
  const changed = structuredClone(service);
  changed.metadata.annotations = {
    "run.googleapis.com/invoker-iam-disabled": "true",
  };
  return changed;
};

describe("a new service", () => {
  it("is answered before its revision is ready", async () => {
    const { status, body } = await create(emulator, newService());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      metadata: { generation: 1 },
      status: {
        observedGeneration: 1,
        conditions: [
          { type: "Ready", status: "Unknown" },
          { type: "ConfigurationsReady", status: "Unknown" },
          { type: "RoutesReady", status: "Unknown" },
        ],
      },
    });
    expect(conditionsOf(await settled(emulator))).toEqual({
      Ready: ["True"],
      ConfigurationsReady: ["True"],
      RoutesReady: ["True"],
    });
  });

  it("answers at its URL, knowing its own name", async () => {
    await create(emulator, open(newService()));
    const { latestReady } = await settled(emulator);
    const { url } = (await read()).status;
    expect(url).toBe(emulator.serviceUrl(REGION, "hello"));
    expect(await ask(url)).toBe(latestReady);
    expect(JSON.parse(await ask(`${url}/environment`))).toMatchObject({
      K_SERVICE: "hello",
      K_CONFIGURATION: "hello",
      K_REVISION: latestReady,
    });
  });

  it("carries the labels and annotations that Google writes", async () => {
    const service = newService();
    service.metadata.labels = { team: "a" };
    service.spec.template.metadata.labels = { release: "7" };
    await create(emulator, service);
    const { latestReady, frontEnd, operationId } = await settled(emulator);
    expect(await read()).toMatchObject({
      metadata: {
        namespace: emulator.cloud.project("demo-litellm").projectNumber,
        labels: { team: "a", "cloud.googleapis.com/location": REGION },
        annotations: {
          "run.googleapis.com/ingress": "all",
          "run.googleapis.com/ingress-status": "all",
          "run.googleapis.com/operation-id": operationId,
          "run.googleapis.com/urls": JSON.stringify([frontEnd?.url]),
          "serving.knative.dev/creator": "developer@example.com",
          "serving.knative.dev/lastModifier": "developer@example.com",
        },
      },
    });
    const path = `${REVISIONS}/${latestReady ?? ""}`;
    const { body } = await callRest(emulator, "GET", path);
    expect(body).toMatchObject({
      metadata: {
        labels: {
          release: "7",
          "serving.knative.dev/service": "hello",
          "serving.knative.dev/configurationGeneration": "1",
          "serving.knative.dev/route": "hello",
        },
      },
      status: {
        imageDigest: expect.stringMatching(
          /^docker\.io\/example\/container@sha256:/,
        ) as string,
      },
    });
  });

  it("cannot be made twice", async () => {
    await create(emulator, newService());
    expect(await create(emulator, newService())).toMatchObject({
      status: 409,
      code: "ALREADY_EXISTS",
      message: "Resource 'hello' already exists.",
    });
    await settled(emulator);
  });

  it("needs a runtime account that exists", async () => {
    const service = newService();
    service.spec.template.spec.serviceAccountName = "gone@example.com";
    expect(await create(emulator, service)).toMatchObject({
      status: 403,
      message:
        "Permission 'iam.serviceaccounts.actAs' denied on service account gone@example.com (or it may not exist).",
    });
  });

  it("is its region's own", async () => {
    await create(emulator, newService());
    await settled(emulator);
    const elsewhere = SERVICES.replace(REGION, "europe-west1");
    const absent = await callRest(emulator, "GET", `${elsewhere}/hello`);
    expect(absent.status).toBe(404);
    const everywhere = SERVICES.replace(REGION, "-");
    const { body } = await callRest(emulator, "GET", everywhere);
    expect(body).toMatchObject({ items: [{ metadata: { name: "hello" } }] });
  });

  it("cannot be where Cloud Run is not", async () => {
    const nowhere = SERVICES.replace(REGION, "mars-north1");
    const { status } = await callRest(emulator, "POST", nowhere, newService());
    expect(status).toBe(404);
  });
});

describe("a later write", () => {
  it("makes no revision of the same template", async () => {
    const service = newService();
    await create(emulator, service);
    const { latestCreated } = await settled(emulator);
    service.metadata.labels = { team: "b" };
    await replace(emulator, service);
    const after = await settled(emulator);
    expect(after.latestCreated).toBe(latestCreated);
    expect(after.generation).toBe(2);
    expect([...after.revisions.keys()]).toEqual([latestCreated]);
  });

  it("makes a revision of a changed template and stops the former one", async () => {
    const service = open(newService());
    await create(emulator, service);
    const { latestCreated: first } = await settled(emulator);
    await replace(emulator, withEnv(service, "A", "1"));
    const { latestCreated: second, frontEnd } = await settled(emulator);
    expect(await ask(frontEnd?.url)).toBe(second);
    expect(phases()).toEqual({ [first]: "retired", [second]: "ready" });
    const { body } = await callRest(emulator, "GET", `${REVISIONS}/${first}`);
    expect(body).toMatchObject({
      status: {
        conditions: [
          { type: "Ready", status: "True", reason: "Retired" },
          { type: "Active", status: "False", message: "Revision retired." },
          { type: "ContainerHealthy", status: "Unknown" },
          { type: "MinInstancesProvisioned", status: "False" },
          { type: "ResourcesAvailable", status: "Unknown" },
        ],
      },
    });
  });

  it("with a stale resource version is refused", async () => {
    const service = newService();
    await create(emulator, service);
    await settled(emulator);
    const { resourceVersion } = (await read()).metadata;
    await replace(emulator, service);
    await settled(emulator);
    service.metadata.resourceVersion = resourceVersion;
    const { status, code, message } = await replace(emulator, service);
    expect([status, code]).toEqual([409, "ABORTED"]);
    expect(message).toMatch(
      /^Conflict for resource 'hello': version '\d{16}' was specified but current version is '\d{16}'\.$/,
    );
  });

  it("may not reuse a revision's name for other content", async () => {
    const service = named(newService(), "hello-one");
    await create(emulator, service);
    await settled(emulator);
    expect((await replace(emulator, service)).status).toBe(200);
    expect(await replace(emulator, withEnv(service, "A", "1"))).toMatchObject({
      status: 409,
      message:
        "Revision named 'hello-one' with different configuration already exists.",
    });
    await settled(emulator);
  });
});

describe("traffic", () => {
  it("reaches a candidate at its tag's URL only, until it is sent there", async () => {
    const service = open(named(newService(), "hello-one"));
    await create(emulator, service);
    await settled(emulator);
    const next = named(withEnv(service, "A", "1"), "hello-two");
    await replace(
      emulator,
      withTraffic(
        next,
        { revisionName: "hello-one", percent: 100 },
        { revisionName: "hello-two", tag: "candidate" },
      ),
    );
    const before = await settled(emulator);
    const url = before.frontEnd?.url;
    const candidate = before.serving.find(({ tag }) => tag === "candidate");
    expect(await ask(url)).toBe("hello-one");
    expect(await ask(candidate?.url)).toBe("hello-two");
    await replace(
      emulator,
      withTraffic(next, { revisionName: "hello-two", percent: 100 }),
    );
    await settled(emulator);
    expect(await ask(url)).toBe("hello-two");
    expect(phases()).toEqual({ "hello-one": "retired", "hello-two": "ready" });
    await vi.waitFor(() =>
      expect(ask(candidate?.url)).rejects.toThrow("fetch failed"),
    );
  });

  it("is split by percent", async () => {
    const service = open(named(newService(), "hello-one"));
    await create(emulator, service);
    await settled(emulator);
    await replace(
      emulator,
      withTraffic(
        named(withEnv(service, "A", "1"), "hello-two"),
        { revisionName: "hello-one", percent: 50 },
        { revisionName: "hello-two", percent: 50 },
      ),
    );
    const { frontEnd } = await settled(emulator);
    const answers = new Set<string>();
    await vi.waitFor(async () => {
      answers.add(await ask(frontEnd?.url));
      expect([...answers].sort()).toEqual(["hello-one", "hello-two"]);
    });
  });

  it("goes back to a retired revision, which is started again", async () => {
    const service = open(named(newService(), "hello-one"));
    await create(emulator, service);
    await settled(emulator);
    const next = named(withEnv(service, "A", "1"), "hello-two");
    await replace(emulator, next);
    await settled(emulator);
    await replace(
      emulator,
      withTraffic(next, { revisionName: "hello-one", percent: 100 }),
    );
    const { frontEnd, latestReady } = await settled(emulator);
    expect(await ask(frontEnd?.url)).toBe("hello-one");
    expect(latestReady).toBe("hello-two");
    expect(phases()).toEqual({ "hello-one": "ready", "hello-two": "retired" });
  });

  it("to a revision that is not there stays where it was", async () => {
    const service = open(named(newService(), "hello-one"));
    await create(emulator, service);
    await settled(emulator);
    await replace(
      emulator,
      withTraffic(service, { revisionName: "hello-nine", percent: 100 }),
    );
    const after = await settled(emulator);
    const message =
      "Revision 'hello-nine' does not exist or is deleted. Update all traffic to route to currently available revisions.";
    expect(conditionsOf(after)).toEqual({
      Ready: ["False", message],
      ConfigurationsReady: ["True"],
      RoutesReady: ["False", message],
    });
    expect(await ask(after.frontEnd?.url)).toBe("hello-one");
  });

  it("from outside does not reach a service with internal ingress", async () => {
    const service = open(newService());
    service.metadata.annotations = {
      ...service.metadata.annotations,
      "run.googleapis.com/ingress": "internal",
    };
    await create(emulator, service);
    const { frontEnd } = await settled(emulator);
    const { status } = await fetch(frontEnd?.url ?? "");
    expect(status).toBe(404);
  });

  it("needs roles/run.invoker unless the check is off", async () => {
    await create(emulator, newService());
    const { frontEnd } = await settled(emulator);
    expect((await fetch(frontEnd?.url ?? "")).status).toBe(403);
    await callRest(emulator, "POST", `${SERVICES}/hello:setIamPolicy`, {
      policy: {
        bindings: [{ role: "roles/run.invoker", members: ["allUsers"] }],
      },
    });
    expect((await fetch(frontEnd?.url ?? "")).status).toBe(200);
  });
});

describe("the instances of a revision", () => {
  it("are as many as the service's minimum, at once and without a new revision", async () => {
    const service = open(newService());
    await create(emulator, service);
    const { revisions, latestCreated } = await settled(emulator);
    const sizes = () => [...revisions.values()].map(({ pool }) => pool?.size);
    expect(sizes()).toEqual([1]);
    const changed = structuredClone(service);
    changed.spec.template.metadata.name = latestCreated;
    changed.metadata.annotations = {
      ...service.metadata.annotations,
      "run.googleapis.com/minScale": "2",
    };
    await replace(emulator, changed);
    await vi.waitFor(() => {
      expect(sizes()).toEqual([2]);
    });
  });
});

describe("a deletion", () => {
  it("of a service ends its container and its URL", async () => {
    await create(emulator, open(newService()));
    const { frontEnd, revisions, latestCreated } = await settled(emulator);
    const pool = revisions.get(latestCreated)?.pool;
    const taken = await pool?.take(AbortSignal.timeout(1000));
    taken?.release();
    await callRest(emulator, "DELETE", `${SERVICES}/hello`);
    expect((await callRest(emulator, "GET", `${SERVICES}/hello`)).status).toBe(
      404,
    );
    expect(await taken?.instance.exited).toMatchObject({ cause: "stopped" });
    await vi.waitFor(() =>
      expect(ask(frontEnd?.url)).rejects.toThrow("fetch failed"),
    );
  });

  it("of a revision is refused while it serves or is the newest", async () => {
    const service = named(newService(), "hello-one");
    await create(emulator, service);
    await settled(emulator);
    const remove = (name: string) =>
      callRest(emulator, "DELETE", `${REVISIONS}/${name}`);
    expect(await remove("hello-one")).toMatchObject({
      code: "FAILED_PRECONDITION",
      message:
        'Revision "hello-one" cannot be directly deleted because it is actively serving.',
    });
    await replace(emulator, named(withEnv(service, "A", "1"), "hello-two"));
    await settled(emulator);
    expect((await remove("hello-one")).status).toBe(200);
    expect(Object.keys(phases())).toEqual(["hello-two"]);
  });
});

it("answers everything as Google's discovery document says", async () => {
  await create(emulator, newService());
  const { operationId } = await settled(emulator);
  const { exchanges } = emulator;
  const parent = SERVICES.replace(/\/services$/, "");
  const namespace = "/apis/serving.knative.dev/v1/namespaces/demo-litellm";
  const paths = [
    `${parent}/revisions?labelSelector=serving.knative.dev/service%3Dhello&limit=1`,
    `${parent}/configurations`,
    `${parent}/configurations/hello`,
    `${parent}/routes/hello`,
    `${parent}/operations/${operationId}`,
    `${SERVICES}/hello:getIamPolicy?options.requestedPolicyVersion=3`,
    "/v1/projects/demo-litellm/locations",
    `${namespace}/services`,
  ];
  for (const path of paths) await callRest(emulator, "GET", path);
  await callRest(emulator, "POST", `${parent}/operations/${operationId}:wait`, {
    timeout: "30s",
  });
  await callRest(emulator, "POST", `${SERVICES}/hello:testIamPermissions`, {
    permissions: ["run.services.get"],
  });
  await callRest(emulator, "POST", "/v2/entries:list", {
    resourceNames: ["projects/demo-litellm"],
    filter: "resource.type=cloud_run_revision",
  });
  expect(exchanges.length).toBeGreaterThan(50);
  const discovery = await loadDiscovery();
  expect(exchanges.flatMap((one) => discovery.check(one))).toEqual([]);
});
