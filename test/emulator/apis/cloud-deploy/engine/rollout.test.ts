import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  act,
  addRelease,
  changeTarget,
  createRollout,
  deployStable,
  EXECUTION,
  findRollout,
  inState,
  phaseInState,
  PIPELINE,
  rolloutId,
  startDeliveryEmulator,
  trafficOf,
  until,
} from "../../../../support/pipeline.ts";
import { itConforms } from "../../../../support/discovery.ts";
import type { TestEmulator } from "../../../../support/emulator.ts";
import { callRest } from "../../../../support/rest.ts";
import { deliveryOf } from "../../../../../emulator/apis/cloud-deploy/state.ts";
import { runOf } from "../../../../../emulator/apis/run/state.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startDeliveryEmulator();
});

afterAll(() => emulator.close());

describe("a standard rollout", () => {
  it("deploys the rendered manifest as the execution account, and verifies it", async () => {
    addRelease(emulator, "one", { greeting: "hi" });

    const created = await createRollout(emulator, "one", "dev");
    const rollout = await inState(
      emulator,
      rolloutId("one", "dev"),
      "SUCCEEDED",
    );

    expect(created.body).toMatchObject({ done: true });
    expect(rollout.phases).toMatchObject([
      {
        id: "stable",
        state: "SUCCEEDED",
        deploymentJobs: {
          deployJob: { state: "SUCCEEDED" },
          verifyJob: { state: "SUCCEEDED" },
        },
      },
    ]);
    expect(trafficOf(emulator, "dev")).toEqual(["one 100 "]);
    const service = runOf(emulator.cloud.project("demo-litellm")).services.get(
      "us-central1/hello",
    );
    expect(service).toMatchObject({
      creator: EXECUTION,
      labels: {
        "managed-by": "google-cloud-deploy",
        "release-id": "one",
      },
    });
    expect(rollout.metadata?.cloudRun).toEqual({
      service: "projects/demo-litellm/locations/us-central1/services/hello",
      revision: `projects/demo-litellm/locations/us-central1/services/hello/revisions/${service?.latestCreated ?? ""}`,
      serviceUrls: [service?.frontEnd?.url],
    });
  });

  it("gives the verify container the deploy parameters, and keeps what it says in the log", () => {
    const { logRecords } = emulator.cloud.project("demo-litellm");
    const rollout = findRollout(emulator, rolloutId("one", "dev"));
    const { jobRun = "" } = rollout?.phases[0]?.deploymentJobs.verifyJob ?? {};
    const build = deliveryOf(emulator.cloud).jobRuns.get(jobRun)?.verifyJobRun
      ?.build;
    const said = logRecords
      .filter(({ resource }) =>
        build?.endsWith(resource.labels.build_id ?? "nothing"),
      )
      .map(({ textPayload }) => textPayload ?? "");

    expect(said.join("\n")).toContain('"greeting":"hi"');
    expect(said.join("\n")).toContain('"CLOUD_DEPLOY_TARGET":"dev"');
    expect(said).toContainEqual(
      expect.stringMatching(/^served by hello-00001-/),
    );
  });

  it("fails with what Cloud Run says of the revision, and leaves the traffic alone", async () => {
    addRelease(emulator, "broken", { START: "exit" });

    await createRollout(emulator, "broken", "dev");
    const rollout = await inState(
      emulator,
      rolloutId("broken", "dev"),
      "FAILED",
    );

    expect(rollout.deployFailureCause).toBe("EXECUTION_FAILED");
    expect(rollout.failureReason).toMatch(
      /^The deploy job of phase stable failed: Revision 'hello-00002-\w+' is not ready and cannot serve traffic\./,
    );
    const { logRecords } = emulator.cloud.project("demo-litellm");
    const said = logRecords.findLast(
      ({ resource }) => resource.type === "build",
    );
    expect(said?.textPayload).toMatch(/^ERROR: Revision 'hello-00002-/);
    expect(rollout.phases[0]).toMatchObject({
      state: "FAILED",
      deploymentJobs: { verifyJob: { state: "ABORTED" } },
    });
    expect(trafficOf(emulator, "dev")).toEqual(["one 100 "]);
  });

  it("waits for the one in progress on its target", async () => {
    addRelease(emulator, "slow", { slow: "stable" });
    addRelease(emulator, "next");

    await createRollout(emulator, "slow", "dev");
    await until(() => {
      expect(emulator.lines.join("\n")).toContain(
        `${rolloutId("slow", "dev")} stable verify: served by`,
      );
    });
    await createRollout(emulator, "next", "dev");
    const slow = findRollout(emulator, rolloutId("slow", "dev"));
    const next = findRollout(emulator, rolloutId("next", "dev"));
    expect([slow?.state, next?.state]).toEqual(["IN_PROGRESS", "PENDING"]);

    if (slow) await act(emulator, slow, "cancel");
    await inState(emulator, rolloutId("next", "dev"), "SUCCEEDED");
    expect(slow).toMatchObject({
      state: "CANCELLED",
      phases: [
        {
          state: "ABORTED",
          deploymentJobs: { verifyJob: { state: "ABORTED" } },
        },
      ],
    });
  });

  it("is halted when its job run is terminated, and goes on when the job is ignored", async () => {
    addRelease(emulator, "stuck", { slow: "stable" });
    await createRollout(emulator, "stuck", "dev");
    const id = rolloutId("stuck", "dev");
    const jobRun = await until(() => {
      const { verifyJob } =
        findRollout(emulator, id)?.phases[0]?.deploymentJobs ?? {};
      expect(verifyJob?.jobRun).toBeDefined();
      return verifyJob?.jobRun ?? "";
    });

    await callRest(emulator, "POST", `/v1/${jobRun}:terminate`, {});
    const halted = await inState(emulator, id, "HALTED");
    expect(deliveryOf(emulator.cloud).jobRuns.get(jobRun)?.state).toBe(
      "TERMINATED",
    );

    const phase = { phaseId: "stable", jobId: "verify" };
    await act(emulator, halted, "ignoreJob", phase);
    const done = await inState(emulator, id, "SUCCEEDED");
    expect(done.phases[0]?.deploymentJobs.verifyJob.state).toBe("IGNORED");
  });
});

describe("a canary rollout", () => {
  const id = rolloutId("two", "prod-us");

  it("skips the canary phases where nothing serves yet", async () => {
    await createRollout(emulator, "one", "prod-us");
    const rollout = await inState(
      emulator,
      rolloutId("one", "prod-us"),
      "SUCCEEDED",
    );

    expect(rollout.phases.map((p) => [p.id, p.state])).toEqual([
      ["canary-0", "SKIPPED"],
      ["canary-10", "SKIPPED"],
      ["canary-50", "SKIPPED"],
      ["stable", "SUCCEEDED"],
    ]);
    expect(trafficOf(emulator, "prod-us")).toEqual(["one 100 stable"]);
  });

  it("moves the traffic by 0, 10, 50 and 100 percent, as it is advanced", async () => {
    addRelease(emulator, "two");
    await createRollout(emulator, "two", "prod-us");

    const seen: string[][] = [];
    for (const [phase, next] of [
      ["canary-0", "canary-10"],
      ["canary-10", "canary-50"],
      ["canary-50", "stable"],
    ] as const) {
      const rollout = await phaseInState(emulator, id, phase, "SUCCEEDED");
      expect(rollout.state).toBe("IN_PROGRESS");
      seen.push(trafficOf(emulator, "prod-us"));
      const answer = await act(emulator, rollout, "advance", { phaseId: next });
      expect(answer.status).toBe(200);
    }
    const rollout = await inState(emulator, id, "SUCCEEDED");
    seen.push(trafficOf(emulator, "prod-us"));

    expect(seen).toEqual([
      ["one 100 prior", "two 0 canary"],
      ["one 90 prior", "two 10 canary"],
      ["one 50 prior", "two 50 canary"],
      ["two 100 stable"],
    ]);
    expect(rollout.metadata?.cloudRun?.previousRevision).toMatch(
      /\/revisions\/hello-00001-/,
    );
  });

  it("advances to the next phase only", async () => {
    addRelease(emulator, "three");
    await createRollout(emulator, "three", "prod-us");
    const rollout = await phaseInState(
      emulator,
      rolloutId("three", "prod-us"),
      "canary-0",
      "SUCCEEDED",
    );

    const far = await act(emulator, rollout, "advance", { phaseId: "stable" });
    const unknown = await act(emulator, rollout, "advance", { phaseId: "no" });
    await act(emulator, rollout, "cancel");

    expect([far.code, unknown.code]).toEqual([
      "FAILED_PRECONDITION",
      "INVALID_ARGUMENT",
    ]);
    expect(rollout.state).toBe("CANCELLED");
  });

  it("takes the traffic from what the last good rollout deployed, whatever somebody pinned since", async () => {
    await deployStable(emulator, "one", "prod-eu");
    await deployStable(emulator, "two", "prod-eu");
    const path =
      "/v1/projects/demo-litellm/locations/europe-west1/services/hello";
    const { body } = await callRest(emulator, "GET", path);
    const service = body as { spec: object };
    const { revisions = new Map<string, unknown>() } =
      runOf(emulator.cloud.project("demo-litellm")).services.get(
        "europe-west1/hello",
      ) ?? {};
    const [first, second] = revisions.keys();
    await callRest(emulator, "PUT", path, {
      ...service,
      spec: {
        ...service.spec,
        traffic: [
          { revisionName: first, percent: 80 },
          { revisionName: second, percent: 20 },
        ],
      },
    });
    await until(() => {
      expect(trafficOf(emulator, "prod-eu")).toEqual(["one 80 ", "two 20 "]);
    });

    await createRollout(emulator, "three", "prod-eu");
    await phaseInState(
      emulator,
      rolloutId("three", "prod-eu"),
      "canary-0",
      "SUCCEEDED",
    );

    expect(trafficOf(emulator, "prod-eu")).toEqual([
      "two 100 prior",
      "three 0 canary",
    ]);
  });
});

describe("approval", () => {
  it("holds the rollout back until somebody approves", async () => {
    changeTarget(emulator, "dev", { requireApproval: true });
    addRelease(emulator, "asked");
    await createRollout(emulator, "asked", "dev");
    const id = rolloutId("asked", "dev");
    const rollout = await inState(emulator, id, "PENDING_APPROVAL");
    expect(rollout.approvalState).toBe("NEEDS_APPROVAL");

    await act(emulator, rollout, "approve", { approved: true });

    await inState(emulator, id, "SUCCEEDED");
    expect(rollout).toMatchObject({ approvalState: "APPROVED" });
    const again = await act(emulator, rollout, "approve", { approved: true });
    expect(again.code).toBe("FAILED_PRECONDITION");
  });

  it("ends the rollout when somebody rejects", async () => {
    await createRollout(emulator, "asked", "dev", 2);
    const id = rolloutId("asked", "dev", 2);
    const rollout = await inState(emulator, id, "PENDING_APPROVAL");

    await act(emulator, rollout, "approve", { approved: false });
    changeTarget(emulator, "dev", { requireApproval: false });

    expect(rollout).toMatchObject({
      state: "APPROVAL_REJECTED",
      approvalState: "REJECTED",
      phases: [{ state: "ABORTED" }],
    });
  });
});

describe("a rollout of a release that is being rendered", () => {
  it("waits for the render, and begins after it", async () => {
    const release = addRelease(emulator, "late");
    release.resource.renderState = "IN_PROGRESS";
    const { promise, resolve } = Promise.withResolvers<undefined>();
    release.renderedAll = promise;
    await createRollout(emulator, "late", "dev");
    const id = rolloutId("late", "dev");
    await inState(emulator, id, "PENDING_RELEASE");

    release.resource.renderState = "SUCCEEDED";
    resolve(undefined);

    await inState(emulator, id, "SUCCEEDED");
  });

  it("fails when the render does", async () => {
    const release = addRelease(emulator, "unrendered");
    release.resource.renderState = "IN_PROGRESS";
    release.rendered.clear();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    release.renderedAll = promise;
    await createRollout(emulator, "unrendered", "dev");

    release.resource.renderState = "FAILED";
    resolve(undefined);

    const id = rolloutId("unrendered", "dev");
    const rollout = await inState(emulator, id, "FAILED");
    expect(rollout).toMatchObject({
      deployFailureCause: "RELEASE_FAILED",
      phases: [{ state: "ABORTED" }],
    });
    const again = await createRollout(emulator, "unrendered", "dev", 2);
    expect(again.code).toBe("FAILED_PRECONDITION");
  });
});

describe("a bad rollout", () => {
  it.each([
    ["of an unknown release", "no-such", "dev", "", "NOT_FOUND"],
    ["to an unknown target", "one", "staging", "", "INVALID_ARGUMENT"],
    ["that is there", "one", "dev", "", "ALREADY_EXISTS"],
    [
      "from an unknown phase",
      "two",
      "dev",
      "&startingPhaseId=canary-1",
      "INVALID_ARGUMENT",
    ],
  ])("%s is refused", async (_what, release, target, query, code) => {
    const answer = await createRollout(emulator, release, target, 1, query);

    expect(answer.code).toBe(code);
  });

  it("of an abandoned release is refused", async () => {
    addRelease(emulator, "left");
    const left = deliveryOf(emulator.cloud).releases.get(
      `${PIPELINE}/releases/left`,
    );
    if (left) left.resource.abandoned = true;

    const answer = await createRollout(emulator, "left", "dev");

    expect(answer.code).toBe("FAILED_PRECONDITION");
  });
});

describe("an execution account", () => {
  it.each([
    [
      "that may not deploy",
      "roles/run.admin",
      /Permission 'run\.services\.get' denied on resource 'namespaces\/demo-litellm\/services\/hello' \(or resource may not exist\)/,
    ],
    [
      "that may not act as the runtime account",
      "roles/iam.serviceAccountUser",
      /Permission 'iam\.serviceaccounts\.actAs' denied on service account litellmsa@/,
    ],
    [
      "that may not run jobs",
      "roles/clouddeploy.jobRunner",
      /does not have storage\.objects\.get access/,
    ],
  ])("%s fails the deploy job", async (_what, role, reason) => {
    const { policy } = emulator.cloud.project("demo-litellm");
    const kept = policy.bindings;
    policy.bindings = kept.filter((binding) => binding.role !== role);
    const release = `without-${role.slice(role.lastIndexOf(".") + 1).toLowerCase()}`;
    addRelease(emulator, release);
    await createRollout(emulator, release, "dev");
    const id = rolloutId(release, "dev");

    const rollout = await inState(emulator, id, "FAILED");

    policy.bindings = kept;
    expect(rollout.failureReason).toMatch(reason);
    const job = { phaseId: "stable", jobId: "deploy" };
    await act(emulator, rollout, "retryJob", job);
    await inState(emulator, id, "SUCCEEDED");
  });
});

itConforms(() => emulator.exchanges);
