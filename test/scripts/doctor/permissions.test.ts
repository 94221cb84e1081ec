import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allows } from "../../../emulator/core/roles.ts";
import { ApiError } from "../../../scripts/lib/google/api-error.ts";
import {
  type Permits,
  judgePermissions,
} from "../../../scripts/lib/doctor/judge-permissions.ts";
import {
  FOR_A_BUDGET,
  type Need,
  TASKS,
  listNeeds,
} from "../../../scripts/lib/doctor/permissions.ts";
import { settingsWith } from "../../support/states.ts";

function permits(
  held: Record<string, string[]>,
  values: Partial<Permits> = {},
): Permits {
  return {
    held: new Map(
      Object.entries(held).map(([name, all]) => [
        name,
        { value: new Set(all) },
      ]),
    ),
    member: "user:bob@example.com",
    there: new Set(["account", "service", "secret litellm-config"]),
    prepared: true,
    ...values,
  };
}

const names = (needs: Need[]): string[] => needs.map((n) => n.permission);

test("a public service needs the policy's permission, a private one the invoker's", () => {
  const open = settingsWith({ ACCESS: "public" });
  const closed = settingsWith({ ACCESS: "iam" });
  expect(names(listNeeds("deploy", open))).toContain(
    "run.services.setIamPolicy",
  );
  expect(names(listNeeds("deploy", closed))).not.toContain(
    "run.services.setIamPolicy",
  );
  expect(names(listNeeds("verify", open))).not.toContain("run.routes.invoke");
  expect(names(listNeeds("verify", closed))).toContain("run.routes.invoke");
});

test("watching takes the roles of docs/alerts.md, which have what it needs", () => {
  const documented = readFileSync("docs/alerts.md", "utf8");
  const needs = listNeeds("watch", settingsWith());
  const lacking = needs.filter((need) => !allows(need.role, need.permission));
  expect(lacking).toEqual([]);
  for (const role of new Set(needs.map((need) => need.role))) {
    expect(documented).toContain(`| \`${role}\``);
  }
});

test("who may not see to a budget is warned, as the billing account may let them", () => {
  const settings = settingsWith();
  const watching = names(listNeeds("watch", settings));
  const judge = (more: readonly string[]) =>
    judgePermissions(
      "watch",
      settings,
      permits({ project: [...watching, ...more] }),
    ).map(({ check, state, detail }) => `${check} ${state}: ${detail}`);
  expect(judge(FOR_A_BUDGET)[1]).toBe("for --budget ok: all 3 permissions");
  expect(judge(FOR_A_BUDGET.slice(0, 1))[1]).toBe(
    "for --budget warning: billing.resourcebudgets.write, resourcemanager.projects.get are missing on the project",
  );
  for (const role of ["roles/owner", "roles/editor"]) {
    expect(FOR_A_BUDGET.every((one) => allows(role, one))).toBe(true);
  }
});

test("with a Gemini key no project role is handed out, and its secret counts", () => {
  const settings = settingsWith({ MODE: "apikey" });
  expect(names(listNeeds("prepare", settings))).not.toContain(
    "resourcemanager.projects.setIamPolicy",
  );
  expect(listNeeds("deploy", settings).map(({ on }) => on)).toContainEqual({
    kind: "secret",
    name: "litellm-gemini-key",
  });
});

test("what is held on a resource counts as much as on the project", () => {
  const settings = settingsWith({ ACCESS: "iam" });
  const all = names(TASKS.flatMap((task) => listNeeds(task, settings)));
  const invoke = "run.routes.invoke";
  const project = all.filter((name) => name !== invoke);
  const judge = (held: Record<string, string[]>) =>
    judgePermissions("verify", settings, permits(held)).map((f) => f.state);
  expect(judge({ project })).toEqual(["problem"]);
  expect(judge({ project, service: [invoke] })).toEqual(["ok"]);
});

test("a role is given on what is there, else on the project", () => {
  const held = { project: [], "secret litellm-config": [] };
  const mends = judgePermissions("verify", settingsWith(), permits(held)).map(
    ({ mend = "" }) => mend.split("\n")[1],
  );
  expect(mends).toContain(
    "gcloud secrets add-iam-policy-binding litellm-config --member=user:bob@example.com --role=roles/secretmanager.secretAccessor --project=my-project",
  );
  expect(mends).toContain(
    "gcloud projects add-iam-policy-binding my-project --member=user:bob@example.com --role=roles/secretmanager.secretAccessor --condition=None",
  );
});

test("what a project cannot be asked is not taken for missing", () => {
  const held = new Map([
    ["project", { reason: new ApiError(403, "reading failed", "a role") }],
  ]);
  expect(
    judgePermissions("deploy", settingsWith(), permits({}, { held })),
  ).toEqual([
    {
      check: "permissions",
      state: "warning",
      detail: "could not be looked at: reading failed",
      mend: "a role",
    },
  ]);
});
