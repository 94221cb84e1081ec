import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  ACCOUNT,
  conditionsOf,
  create,
  newService,
  replace,
  SERVICES,
  type SentService,
  settled,
  startRunEmulator,
  withEnv,
} from "../../../support/cloud-run.ts";
import type { TestEmulator } from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const SECRETS = "/v1/projects/demo-litellm/secrets";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startRunEmulator();
});
afterEach(async () => {
  await callRest(emulator, "DELETE", `${SERVICES}/hello`);
  await callRest(emulator, "DELETE", `${SECRETS}/key`);
});
afterAll(() => emulator.close());

async function makeSecret(value: string, readable = true): Promise<void> {
  const body = { replication: { automatic: {} } };
  await callRest(emulator, "POST", `${SECRETS}?secretId=key`, body);
  await callRest(emulator, "POST", `${SECRETS}/key:addVersion`, {
    payload: { data: Buffer.from(value).toString("base64") },
  });
  const role = "roles/secretmanager.secretAccessor";
  const members = [`serviceAccount:${ACCOUNT}`];
  await callRest(emulator, "POST", `${SECRETS}/key:setIamPolicy`, {
    policy: { bindings: readable ? [{ role, members }] : [] },
  });
}

function withSecret(version: string): SentService {
  const service = newService();
  const { spec } = service.spec.template;
  spec.containers[0] = {
    ...spec.containers[0],
    env: [
      {
        name: "KEY",
        valueFrom: { secretKeyRef: { name: "key", key: version } },
      },
    ],
    volumeMounts: [{ name: "files", mountPath: "/secrets" }],
  };
  spec.volumes = [
    {
      name: "files",
      secret: { secretName: "key", items: [{ key: version, path: "a/key" }] },
    },
  ];
  return service;
}

function withImage(image: string): SentService {
  const service = newService();
  service.spec.template.spec.containers[0] = { image };
  return service;
}

/** What Cloud Run says of the newest revision, and of the service. */
async function deploy(service: SentService) {
  await create(emulator, service);
  const after = await settled(emulator);
  const newest = after.revisions.get(after.latestCreated);
  return {
    revision: after.latestCreated,
    failure: newest?.failure,
    service: conditionsOf(after),
    after,
  };
}

const ENV =
  "spec.template.spec.containers[0].env[0].value_from.secret_key_ref.name";
const VOLUME = "spec.template.spec.volumes[0].secret.items[0].key";

describe("a revision", () => {
  it("fails without the secrets that it reads, and says so of each", async () => {
    const { failure, revision, service, after } = await deploy(withSecret("1"));
    const resource = "projects/100000000001/secrets/key/versions/1";
    const message = `${ENV}: Secret ${resource} was not found\n${VOLUME}: Secret ${resource} was not found`;
    expect(failure).toEqual({ reason: "SecretsAccessCheckFailed", message });
    const prefixed = `Revision '${revision}' is not ready and cannot serve traffic. ${message}`;
    expect(service).toEqual({
      Ready: ["False", prefixed],
      ConfigurationsReady: ["False", message],
      RoutesReady: ["False", prefixed],
    });
    expect(after.frontEnd).toBeUndefined();
  });

  it("fails when its account may not read a secret", async () => {
    await makeSecret("sk-1", false);
    const { failure } = await deploy(withSecret("latest"));
    expect(failure?.message.split("\n")[0]).toBe(
      `${ENV}: Permission denied on secret: projects/100000000001/secrets/key/versions/latest for Revision service account ${ACCOUNT}. The service account used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher level.`,
    );
  });

  it.each(["7", "no-such-alias"])(
    "fails without version %s of its secret",
    async (version) => {
      await makeSecret("sk-1");
      const { failure } = await deploy(withSecret(version));
      expect(failure?.message).toContain(
        `Secret projects/100000000001/secrets/key/versions/${version} was not found`,
      );
    },
  );

  it("fails with a disabled version of its secret", async () => {
    await makeSecret("sk-1");
    await callRest(emulator, "POST", `${SECRETS}/key/versions/1:disable`, {});
    const { failure } = await deploy(withSecret("1"));
    expect(failure?.message).toContain("is in DISABLED state");
  });

  it("reads secrets by alias, as a variable and as a file", async () => {
    await makeSecret("sk-1");
    await callRest(
      emulator,
      "PATCH",
      `${SECRETS}/key?updateMask=versionAliases`,
      { versionAliases: { "sha-1": "1" } },
    );
    const service = withEnv(withSecret("sha-1"), "FILE", "/secrets/a/key");
    service.metadata.annotations = {
      "run.googleapis.com/invoker-iam-disabled": "true",
    };
    const { after } = await deploy(service);
    const url = after.frontEnd?.url ?? "";
    const answer = await fetch(`${url}/environment`);
    const environment = (await answer.json()) as Record<string, string>;
    expect(environment.KEY).toBe("sk-1");
    const file = await fetch(`${url}/file?path=${environment.FILE ?? ""}`);
    expect(await file.text()).toBe("sk-1");
  });

  it("fails without its image", async () => {
    const { failure, service } = await deploy(
      withImage("us-docker.pkg.dev/p/r/nothing:v1"),
    );
    const message = "Image 'us-docker.pkg.dev/p/r/nothing:v1' not found.";
    expect(failure).toEqual({ reason: "ContainerMissing", message });
    expect(service.ConfigurationsReady).toEqual(["False", message]);
  });

  it("fails when its container does not come up", async () => {
    const { failure, revision, after } = await deploy(
      withEnv(newService(), "START", "exit"),
    );
    expect(failure?.reason).toBe("HealthCheckContainerError");
    expect(failure?.message).toMatch(
      /^The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout\./,
    );
    expect(failure?.message).toContain(`revision_name/${revision}`);
    const newest = after.revisions.get(revision) ?? { conditions: [] };
    expect(conditionsOf(newest)).toMatchObject({
      Ready: ["False", failure?.message],
      ContainerHealthy: ["False", failure?.message],
      ResourcesAvailable: ["True"],
    });
  });
});

describe("after a failed deployment", () => {
  const bad = withEnv(newService(), "START", "exit");

  it("the former revision goes on serving", async () => {
    const service = newService();
    service.metadata.annotations = {
      "run.googleapis.com/invoker-iam-disabled": "true",
    };
    const { revision: good } = await deploy(service);
    await replace(emulator, withEnv(service, "START", "exit"));
    const after = await settled(emulator);
    expect(conditionsOf(after).Ready?.[0]).toBe("False");
    expect([after.latestReady, after.latestCreated === good]).toEqual([
      good,
      false,
    ]);
    const answer = await fetch(after.frontEnd?.url ?? "");
    expect(await answer.text()).toBe(good);
  });

  it("a tag on the failed revision fails the next good one too", async () => {
    await deploy(newService());
    const { latestCreated: good } = await settled(emulator);
    const stable = { revisionName: good, percent: 100 };
    bad.spec.template.metadata.name = "hello-bad";
    bad.spec.traffic = [
      stable,
      { revisionName: "hello-bad", tag: "candidate" },
    ];
    await replace(emulator, bad);
    await settled(emulator);
    const next = withEnv(newService(), "A", "1");
    next.spec.traffic = bad.spec.traffic;
    await replace(emulator, next);
    const { RoutesReady } = conditionsOf(await settled(emulator));
    expect(RoutesReady?.[1]).toMatch(
      /^Revision 'hello-bad' is not ready and cannot serve traffic\. The user-provided container failed/,
    );
    next.spec.traffic = [{ latestRevision: true, percent: 100 }];
    await replace(emulator, next);
    expect(conditionsOf(await settled(emulator)).Ready).toEqual(["True"]);
  });

  it("the operation ends with the error", async () => {
    const { after, service } = await deploy(bad);
    const operation = `${SERVICES.replace(/services$/, "operations")}/${after.operationId}`;
    const { body } = await callRest(emulator, "GET", operation);
    expect(body).toMatchObject({
      done: true,
      error: { code: 13, message: service.Ready?.[1] },
    });
  });
});
