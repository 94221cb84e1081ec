import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { itConforms } from "../../../support/discovery.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../../support/emulator.ts";
import { callRest } from "../../../support/rest.ts";

const P = "/v1/projects/demo-litellm";
const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const MEMBER = `serviceAccount:${ACCOUNT}`;

interface Policy {
  version: number;
  etag: string;
  bindings: { role: string; members: string[]; condition?: object }[];
}

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  emulator.cloud.project("demo-litellm").enabledApis.add("iam.googleapis.com");
  await callRest(emulator, "POST", `${P}/serviceAccounts`, {
    accountId: "litellmsa",
  });
});
afterAll(() => emulator.close());

async function readPolicy(requestedPolicyVersion = 3): Promise<Policy> {
  const { body } = await callRest(emulator, "POST", `${P}:getIamPolicy`, {
    options: { requestedPolicyVersion },
  });
  return body as Policy;
}

function grant(role: string, ...members: string[]) {
  return callRest(emulator, "POST", `${P}:setIamPolicy`, {
    policy: { bindings: [{ role, members }] },
  });
}

function bind(verb: "add" | "remove", member: string, role: string) {
  return emulator.gcloud([
    "projects",
    `${verb}-iam-policy-binding`,
    "demo-litellm",
    `--member=${member}`,
    `--role=${role}`,
    "--condition=None",
    "--format=json",
  ]);
}

describe("a project", () => {
  it("exists from the start and is described by gcloud", async () => {
    const { stdout, stderr, exitCode } = await emulator.gcloud([
      "projects",
      "describe",
      emulator.projectId,
      "--format=json",
    ]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      projectId: "demo-litellm",
      lifecycleState: "ACTIVE",
    });
  });

  it("is created and listed by gcloud, and owned by its maker", async () => {
    const created = await emulator.gcloud([
      "projects",
      "create",
      "second-project",
      "--name=Second one",
      "--labels=team=a",
    ]);
    expect(created.exitCode).toBe(0);
    const { stdout } = await emulator.gcloud([
      "projects",
      "list",
      "--format=value(projectId)",
    ]);
    expect(stdout.trim().split("\n").sort()).toEqual([
      "demo-litellm",
      "second-project",
    ]);
    expect(emulator.cloud.project("second-project").policy.bindings).toEqual([
      { role: "roles/owner", members: ["user:developer@example.com"] },
    ]);
    const again = await callRest(emulator, "POST", "/v1/projects", {
      projectId: "second-project",
    });
    expect(again).toMatchObject({
      status: 409,
      message: "Requested entity already exists",
    });
  });

  it("that does not exist looks like one that is not the caller's", async () => {
    const { stderr, exitCode } = await emulator.gcloud([
      "projects",
      "describe",
      "nobodys-project",
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "does not have permission to access projects instance [nobodys-project] (or it may not exist): The caller does not have permission",
    );
  });

  it("is read in version 3 too, by number as well", async () => {
    const { projectNumber } = emulator.cloud.project("demo-litellm");
    const one = await callRest(
      emulator,
      "GET",
      `/v3/projects/${projectNumber}`,
    );
    expect(one.body).toMatchObject({
      name: `projects/${projectNumber}`,
      projectId: "demo-litellm",
      state: "ACTIVE",
    });
  });

  it.each([
    ["id:demo-litellm", 1],
    ["projectId:DEMO-*", 1],
    ["name:demo-litellm", 1],
    ["id:demo", 0],
    ["labels.team:*", 0],
    ["id:demo labels.team:* state:ACTIVE", 1],
  ])("is searched for by %s as Google does: %i", async (query, count) => {
    for (const path of ["v3/projects:search?query", "v1/projects?filter"]) {
      const url = `/${path}=${encodeURIComponent(query)}`;
      const { body } = await callRest(emulator, "GET", url);
      const { projects = [] } = body as { projects?: { projectId: string }[] };
      const ours = projects.filter((p) => p.projectId === "demo-litellm");
      expect(ours).toHaveLength(count);
    }
  });

  it("is found by gcloud's filters", async () => {
    const { stdout } = await emulator.gcloud([
      ...["projects", "list", "--filter=projectId:demo-lit*"],
      "--format=value(projectId)",
    ]);
    expect(stdout).toBe("demo-litellm\n");
  });
});

describe("a project of a domain", () => {
  const OLD = "example.com:demo-old";

  it("has its policy, its accounts and its APIs", async () => {
    emulator.cloud.createProject(OLD, "user:developer@example.com");
    const gcloud = async (...args: string[]): Promise<string> => {
      const { stdout, stderr, exitCode } = await emulator.gcloud([
        ...args,
        `--project=${OLD}`,
        "--format=json",
      ]);
      expect(exitCode, stderr).toBe(0);
      return stdout;
    };
    const member =
      "serviceAccount:runner@demo-old.example.com.iam.gserviceaccount.com";
    await gcloud(
      "services",
      "enable",
      "secretmanager.googleapis.com",
      "iam.googleapis.com",
    );
    await gcloud("iam", "service-accounts", "create", "runner");
    await gcloud(
      ...["projects", "add-iam-policy-binding", OLD],
      ...[`--member=${member}`, "--role=roles/aiplatform.user"],
    );
    expect(await gcloud("projects", "get-iam-policy", OLD)).toContain(member);
    await gcloud("secrets", "create", "key");
    expect(await gcloud("secrets", "list")).toContain("secrets/key");
    expect(await gcloud("projects", "describe", OLD)).toContain(OLD);
  });

  it("is asked for its APIs too", async () => {
    const { stderr, exitCode } = await emulator.gcloud([
      ...["run", "services", "list", "--region=us-central1"],
      `--project=${OLD}`,
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "has not been used in project example.com:demo-old",
    );
  });
});

describe("a project's policy", () => {
  it("takes and loses a binding by gcloud", async () => {
    const added = await bind("add", MEMBER, "roles/aiplatform.user");
    expect(added.exitCode).toBe(0);
    expect((JSON.parse(added.stdout) as Policy).bindings).toEqual([
      { role: "roles/aiplatform.user", members: [MEMBER] },
      { role: "roles/owner", members: ["user:developer@example.com"] },
    ]);
    const removed = await bind("remove", MEMBER, "roles/aiplatform.user");
    expect(removed.exitCode).toBe(0);
    expect((await readPolicy()).bindings).toHaveLength(1);
  });

  it.each([
    "roles/aiplatform.usr",
    "roles/litellm.caller",
    "roles/superuser",
    "aiplatform.user",
  ])("refuses the role %s, which does not exist", async (role) => {
    const path = "/v1/projects/demo-litellm:setIamPolicy";
    const policy = { bindings: [{ role, members: [MEMBER] }] };
    const { status, message } = await callRest(emulator, "POST", path, {
      policy,
    });
    expect(status).toBe(400);
    expect(message).toBe(`Role ${role} is not supported for this resource.`);
  });

  it("refuses a service account that does not exist", async () => {
    const { stderr, exitCode } = await bind(
      "add",
      "serviceAccount:nobody@demo-litellm.iam.gserviceaccount.com",
      "roles/aiplatform.user",
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "INVALID_ARGUMENT: Service account nobody@demo-litellm.iam.gserviceaccount.com does not exist.",
    );
  });

  it.each([
    [
      "roles/run.invokers",
      MEMBER,
      "Role roles/run.invokers is not supported for this resource.",
    ],
    [
      "roles/viewer",
      "developer@example.com",
      'Policy members must be of the form "<type>:<value>".',
    ],
    [
      "roles/viewer",
      "robot:x",
      "The member robot:x is of an unknown type. Please set a valid type prefix for the member.",
    ],
    [
      "roles/viewer",
      "allUsers",
      "The member allUsers is of an unknown type. Please set a valid type prefix for the member.",
    ],
    [
      "roles/viewer",
      "serviceAccount:developer@example.com",
      'Account developer@example.com is of type "user". Please set the type prefix to be "user:".',
    ],
    [
      "roles/viewer",
      `user:${ACCOUNT}`,
      `Account ${ACCOUNT} is of type "serviceAccount". Please set the type prefix to be "serviceAccount:".`,
    ],
  ])("refuses %s for %s", async (role, member, message) => {
    expect(await grant(role, member)).toMatchObject({ status: 400, message });
  });

  it("takes Google's own service agents of a project that exists", async () => {
    const { projectNumber } = emulator.cloud.project("demo-litellm");
    const agent = (number: string) =>
      `serviceAccount:service-${number}@gcp-sa-aiplatform.iam.gserviceaccount.com`;
    const owner = "user:developer@example.com";
    const taken = await grant("roles/owner", owner, agent(projectNumber));
    expect(taken.status).toBe(200);
    const refused = await grant("roles/owner", owner, agent("999"));
    expect(refused.status).toBe(400);
    await grant("roles/owner", owner);
  });

  it("is not overwritten from a reading that has become old", async () => {
    const old = await readPolicy();
    await bind("add", MEMBER, "roles/aiplatform.user");
    const { status, code, message } = await callRest(
      emulator,
      "POST",
      `${P}:setIamPolicy`,
      { policy: old },
    );
    expect({ status, code }).toEqual({ status: 409, code: "ABORTED" });
    expect(message).toMatch(/^There were concurrent policy changes\./);
    expect((await readPolicy()).bindings).toHaveLength(2);
  });

  it("keeps conditions apart, and shows them in version 3 only", async () => {
    const condition = {
      title: "soon",
      expression: "request.time < timestamp('2030-01-01T00:00:00Z')",
    };
    const { stderr, exitCode } = await emulator.gcloud([
      "projects",
      "add-iam-policy-binding",
      "demo-litellm",
      `--member=${MEMBER}`,
      "--role=roles/aiplatform.user",
      `--condition=title=${condition.title},expression=${condition.expression}`,
    ]);
    expect(exitCode, stderr).toBe(0);
    const conditional = (p: Policy) => p.bindings.filter((b) => b.condition);
    const policy = await readPolicy();
    expect(policy.version).toBe(3);
    expect(conditional(policy)).toMatchObject([{ condition }]);
    const folded = await readPolicy(1);
    expect(folded.version).toBe(1);
    expect(conditional(folded)).toEqual([]);
    expect(folded.bindings.map((b) => b.role)).toContainEqual(
      expect.stringMatching(/^roles\/aiplatform\.user_withcond_[0-9a-f]{20}$/),
    );
    const lost = await callRest(emulator, "POST", `${P}:setIamPolicy`, {
      policy: { ...folded, bindings: [] },
    });
    expect(lost.message).toMatch(
      /^Specified policy version \(1\) cannot be less than the existing policy version \(3\)\./,
    );
  });

  it("names a deleted account as such, so that a new one of its name inherits nothing", async () => {
    const email = "shortlived@demo-litellm.iam.gserviceaccount.com";
    const make = () =>
      callRest(emulator, "POST", `${P}/serviceAccounts`, {
        accountId: "shortlived",
      });
    const { uniqueId } = (await make()).body as { uniqueId: string };
    const owner = "user:developer@example.com";
    await grant("roles/owner", owner, `serviceAccount:${email}`);
    await emulator.gcloud(["iam", "service-accounts", "delete", email]);
    await make();
    const deleted = `deleted:serviceAccount:${email}?uid=${uniqueId}`;
    expect((await readPolicy()).bindings[0]?.members).toEqual([deleted, owner]);
    const removed = await bind("remove", deleted, "roles/owner");
    expect(removed.exitCode).toBe(0);
    const again = await grant("roles/owner", owner, deleted);
    expect(again.message).toBe(`Service account ${email} does not exist.`);
  });

  it("tells which permissions the caller holds", async () => {
    emulator.cloud.project("demo-litellm").policy.bindings.push({
      role: "roles/viewer",
      members: ["user:viewer@example.com"],
    });
    const permissions = [
      "resourcemanager.projects.get",
      "resourcemanager.projects.setIamPolicy",
    ];
    const { body } = await callRest(
      emulator,
      "POST",
      `${P}:testIamPermissions`,
      { permissions },
      { caller: "user:viewer@example.com" },
    );
    expect(body).toEqual({ permissions: ["resourcemanager.projects.get"] });
  });

  it("refuses a field that Google does not know", async () => {
    const { status, message } = await callRest(
      emulator,
      "POST",
      `${P}:setIamPolicy`,
      { policy: { bindngs: [] } },
    );
    expect(status).toBe(400);
    expect(message).toBe(
      "Invalid JSON payload received. Unknown name \"bindngs\" at 'policy': Cannot find field.",
    );
  });
});

itConforms(() => emulator.exchanges);
