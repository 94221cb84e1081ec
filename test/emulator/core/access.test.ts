import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Member } from "../../../emulator/core/cloud.ts";
import { hasPermission, newPolicy } from "../../../emulator/core/policy.ts";
import { allows } from "../../../emulator/core/roles.ts";
import { serviceUsageApi } from "../../../emulator/apis/service-usage/api.ts";
import { resourceManagerApi } from "../../../emulator/apis/resource-manager/api.ts";
import { iamApi } from "../../../emulator/apis/iam/api.ts";
import { secretManagerApi } from "../../../emulator/apis/secret-manager/api.ts";
import { cloudRunApi } from "../../../emulator/apis/run/api.ts";
import { cloudDeployApi } from "../../../emulator/apis/cloud-deploy/api.ts";
import {
  startTestEmulator,
  type TestEmulator,
} from "../../support/emulator.ts";
import { callRest } from "../../support/rest.ts";

const SOMEONE: Member = "user:someone@example.com";
const PROJECT = "projects/demo-litellm";
const DEPLOY = `/v1/${PROJECT}/locations/us-central1/deliveryPipelines`;
const SERVICES = `/v1/${PROJECT}/locations/us-central1/services`;

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
  for (const api of ["run", "secretmanager", "iam", "clouddeploy"]) {
    emulator.cloud
      .project("demo-litellm")
      .enabledApis.add(`${api}.googleapis.com`);
  }
});
afterAll(() => emulator.close());

const ask = (
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
) => callRest(emulator, method, path, body, { caller: SOMEONE, headers });

async function holding<T>(roles: string[], work: () => Promise<T>): Promise<T> {
  const { policy } = emulator.cloud.project("demo-litellm");
  const { bindings } = policy;
  const added = roles.map((role) => ({ role, members: [SOMEONE] }));
  policy.bindings = [...bindings, ...added];
  try {
    return await work();
  } finally {
    policy.bindings = bindings;
  }
}

describe("a caller without the role", () => {
  it.each([
    ["GET", SERVICES, "Permission 'run.services.list' denied on resource"],
    [
      "GET",
      `${SERVICES}/absent`,
      "Permission 'run.services.get' denied on resource 'projects/demo-litellm/locations/us-central1/services/absent' (or resource may not exist).",
    ],
    [
      "GET",
      `/v1/${PROJECT}/secrets/absent`,
      "Permission 'secretmanager.secrets.get' denied for resource 'projects/demo-litellm/secrets/absent' (or it may not exist).",
    ],
    [
      "GET",
      `/v1/${PROJECT}/secrets/absent/versions/1:access`,
      "Permission 'secretmanager.versions.access' denied for resource",
    ],
    ["GET", `/v1/${PROJECT}`, "The caller does not have permission"],
    ["POST", `/v1/${PROJECT}:setIamPolicy`, "Policy update access denied."],
    [
      "POST",
      `/v1/${PROJECT}/serviceAccounts`,
      "Permission 'iam.serviceAccounts.create' denied on resource (or it may not exist).",
    ],
    [
      "POST",
      `/v1/${PROJECT}/services/run.googleapis.com:enable`,
      "Permission denied to enable service [run.googleapis.com]",
    ],
    [
      "POST",
      `${DEPLOY}/litellm/releases`,
      "Permission 'clouddeploy.releases.create' denied on 'projects/demo-litellm/locations/us-central1/deliveryPipelines/litellm/releases'",
    ],
  ])("is refused %s %s in Google's words", async (method, path, words) => {
    const body = method === "GET" ? undefined : {};
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(403);
    expect(answer.message).toContain(words);
    const text = JSON.stringify(answer.body);
    expect(text).toMatch(/"permission":"[a-z]+\.\w+\.\w+"|Permission '/);
  });

  it("may not have the project billed", async () => {
    const path = `/v1/${PROJECT}/secrets`;
    const headers = { "x-goog-user-project": "demo-litellm" };
    const billed = () => ask("GET", path, undefined, headers);
    const roles = ["roles/secretmanager.viewer"];
    const refused = await holding(roles, billed);
    expect(refused.message).toContain("serviceusage.services.use");
    const more = [...roles, "roles/serviceusage.serviceUsageConsumer"];
    expect((await holding(more, billed)).status).toBe(200);
  });

  it("sees no project in a list", async () => {
    const { body } = await ask("GET", "/v1/projects");
    expect(body).toEqual({});
    const seen = await holding(["roles/browser"], () =>
      ask("GET", "/v1/projects"),
    );
    expect(seen.body).toMatchObject({ projects: [{}] });
  });
});

describe("a caller with a role", () => {
  it("of the resource alone reaches that one", async () => {
    for (const id of ["mine", "other"]) {
      await callRest(
        emulator,
        "POST",
        `/v1/${PROJECT}/secrets?secretId=${id}`,
        { replication: { automatic: {} } },
      );
    }
    emulator.cloud
      .project("demo-litellm")
      .secrets.get("mine")
      ?.policy.bindings.push({
        role: "roles/secretmanager.viewer",
        members: [SOMEONE],
      });
    const statusOf = async (id: string) =>
      (await ask("GET", `/v1/${PROJECT}/secrets/${id}`)).status;
    expect(await statusOf("mine")).toBe(200);
    expect(await statusOf("other")).toBe(403);
  });

  it("that limits the roles which it may grant grants no other", async () => {
    const { policy } = emulator.cloud.project("demo-litellm");
    const { bindings } = policy;
    const expression =
      "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/aiplatform.user'])";
    policy.bindings = [
      ...bindings,
      {
        role: "roles/resourcemanager.projectIamAdmin",
        members: [SOMEONE],
        condition: { title: "limited", expression },
      },
    ];
    const set = (role: string) =>
      ask("POST", `/v1/${PROJECT}:setIamPolicy`, {
        policy: {
          version: 3,
          bindings: [
            ...emulator.cloud.project("demo-litellm").policy.bindings,
            { role, members: [SOMEONE] },
          ],
        },
      });
    const refused = await set("roles/owner");
    expect(refused.message).toBe("Policy update access denied.");
    expect((await set("roles/aiplatform.user")).status).toBe(200);
    emulator.cloud.project("demo-litellm").policy.bindings = bindings;
  });

  it("is told which permissions it holds, on a service that is not there too", async () => {
    const asked = {
      permissions: ["run.services.get", "run.services.setIamPolicy"],
    };
    const { body } = await holding(["roles/run.developer"], () =>
      ask("POST", `${SERVICES}/absent:testIamPermissions`, asked),
    );
    expect(body).toEqual({ permissions: ["run.services.get"] });
  });
});

describe("roles", () => {
  it.each([
    ["roles/clouddeploy.releaser", "clouddeploy.automationRuns.list", false],
    ["roles/clouddeploy.releaser", "clouddeploy.targets.list", false],
    ["roles/clouddeploy.releaser", "clouddeploy.rollouts.cancel", true],
    ["roles/clouddeploy.approver", "clouddeploy.releases.get", false],
    ["roles/clouddeploy.approver", "clouddeploy.rollouts.approve", true],
    ["roles/run.developer", "run.services.setIamPolicy", false],
    ["roles/run.developer", "run.routes.invoke", true],
    ["roles/editor", "secretmanager.versions.access", false],
    ["roles/owner", "iam.serviceAccounts.getAccessToken", false],
    [
      "roles/serviceusage.serviceUsageAdmin",
      "resourcemanager.projects.get",
      false,
    ],
  ])("%s allows %s: %s", (role, permission, expected) => {
    expect(allows(role, permission)).toBe(expected);
  });

  it("under a condition that is not evaluated count for nothing", () => {
    const condition = { expression: "request.time < timestamp('2030-01-01')" };
    const binding = { role: "roles/owner", members: [SOMEONE], condition };
    const policy = newPolicy([binding]);
    expect(hasPermission([policy], SOMEONE, "run.services.get")).toBe(false);
  });
});

it("every route of an enforced API has its permission", () => {
  const { cloud } = emulator;
  const unused = () => {
    throw new Error("not called");
  };
  const apis = [
    serviceUsageApi(cloud),
    resourceManagerApi(cloud),
    iamApi(cloud),
    secretManagerApi(cloud, () => 0),
    cloudRunApi({ cloud, runtime: undefined as never, log: unused }),
    cloudDeployApi({
      cloud,
      url: "",
      takesEmptyPhases: () => true,
      repairsAskApproval: () => false,
      longestWait: () => 0,
      log: unused,
      runContainer: unused,
    }),
  ];
  const missing = apis.flatMap(({ service, access, routes }) =>
    routes.routes
      .map(({ method, path }) => `${method} ${toPattern(path)}`)
      .filter((key) => access?.permissions[key] === undefined)
      .map((key) => `${service} ${key}`),
  );
  expect(missing).toEqual([]);
});

/** `services/*:setIamPolicy` of a route such as `/v1/projects/:project/services/:id{[^/:]+:setIamPolicy}`. */
function toPattern(route: string): string {
  const below = route
    .replace(/\{[^}]*?(:\w+)\}$/, "$1")
    .replace(/\{[^}]*\}/g, "")
    .replace(/^\/(apis\/[^/]+\/)?v\d\w*\//, "")
    .replace(/^(projects|namespaces)\/:\w+(\/locations\/(:\w+|global))?/, "@");
  const pattern = below.replace(/\/:\w+/g, "/*").replace(/^@\/?/, "");
  return below === "@" || below.startsWith("@:")
    ? `project${pattern}`
    : pattern;
}
