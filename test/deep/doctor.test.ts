import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type PolicyRule,
  orgPolicyOf,
} from "../../emulator/apis/org-policy/state.ts";
import { runOf } from "../../emulator/apis/run/state.ts";
import type { Member } from "../../emulator/core/cloud.ts";
import { itConforms } from "../support/discovery.ts";
import { type Patient, openPatient, troubles } from "../support/doctor.ts";

const ACCOUNT = "litellmsa@demo-litellm.iam.gserviceaccount.com";
const BOB = "user:bob@example.com";
const CAROL = "user:carol@example.com";

let patient: Patient;
const ask: Patient["ask"] = (...asked) => patient.ask(...asked);
let directory: string;

beforeAll(async () => {
  patient = await openPatient();
  directory = await mkdtemp(path.join(tmpdir(), "litellm-cloudrun-doctor-"));
});

afterAll(async () => {
  await patient.close();
  await rm(directory, { recursive: true, force: true });
});

test("before the first deploy nothing is a problem", async () => {
  await patient.emulator.gcloud(["projects", "create", "demo-fresh"]);
  patient.emulator.cloud.project("demo-fresh").billingEnabled = true;
  const { rows, exitCode } = await ask(["local"], { PROJECT_ID: "demo-fresh" });
  expect(troubles(rows)).toMatchInlineSnapshot(`
    [
      "warning APIs: none is enabled yet: the first deploy does it, or you now: | gcloud services enable iam.googleapis.com run.googleapis.com secretmanager.googleapis.com aiplatform.googleapis.com --project=demo-fresh",
      "warning models: could not be looked at: Vertex AI is not enabled | ",
    ]
  `);
  expect(exitCode).toBe(0);
});

test("a project that nobody named is a finding like others", async () => {
  const { rows, exitCode } = await ask(["dev"], {
    PROJECT_ID: "",
    CLOUDSDK_CORE_PROJECT: "",
  });
  expect(troubles(rows)).toContain(
    "problem settings: PROJECT_ID is not set, and gcloud's configuration has none: the project and what is in it could not be looked at | Set it in envs/dev.env or in the shell.",
  );
  expect(rows.map(({ check }) => check)).toContain("login");
  expect(exitCode).toBe(1);
});

describe("a problem is told with the command that mends it:", () => {
  test("an API is off", async () => {
    patient.project().enabledApis.delete("aiplatform.googleapis.com");
    const { rows, exitCode } = await ask();
    patient.project().enabledApis.add("aiplatform.googleapis.com");
    expect(troubles(rows)).toEqual([
      "problem APIs: aiplatform.googleapis.com is not enabled | gcloud services enable aiplatform.googleapis.com --project=demo-litellm",
      "warning models: could not be looked at: Vertex AI is not enabled | ",
    ]);
    expect(exitCode).toBe(1);
  });

  test("the account is disabled", async () => {
    const account = patient.emulator.cloud.serviceAccount(ACCOUNT);
    if (account !== undefined) account.disabled = true;
    const { rows, exitCode } = await ask();
    if (account !== undefined) account.disabled = false;
    expect(troubles(rows)).toEqual([
      `problem account: ${ACCOUNT} is disabled | gcloud iam service-accounts enable ${ACCOUNT} --project=demo-litellm`,
    ]);
    expect(exitCode).toBe(1);
  });

  test("the master key has no enabled version", async () => {
    const version = patient.project().secrets.get("litellm-master-key")
      ?.versions[0];
    if (version !== undefined) version.state = "DISABLED";
    const { rows, exitCode } = await ask();
    if (version !== undefined) version.state = "ENABLED";
    expect(troubles(rows)).toEqual([
      "problem master key: secret litellm-master-key has no enabled version | gcloud secrets versions enable 1 --secret=litellm-master-key --project=demo-litellm",
    ]);
    expect(exitCode).toBe(1);
  });

  test("the region has no room for so many instances", async () => {
    const quotas = runOf(patient.project()).quotas;
    quotas.set("us-central1", { cpu: 4, memory: 40 * 2 ** 30 });
    const { rows, exitCode } = await ask();
    const deploy = await patient.workspace.script("deploy.ts", ["local"], {
      env: { MEMORY: "2Gi" },
    });
    quotas.clear();
    expect(troubles(rows)).toEqual([
      expect.stringMatching(
        /^problem quota: MAX_INSTANCES=10 is 10 vCPU; us-central1 allows this project 4 vCPU \| Set MAX_INSTANCES=4 in envs\/local\.env/,
      ),
    ]);
    expect(exitCode).toBe(1);
    expect(deploy.stderr).toContain("Max instances must be set to 4 or fewer");
    expect(deploy.exitCode).toBe(1);
  });

  test("the image is not in Artifact Registry", async () => {
    const IMAGE = "us-central1-docker.pkg.dev/demo-litellm/images/litellm:v1";
    const { rows, exitCode } = await ask(["local"], { IMAGE });
    expect(troubles(rows)).toEqual([
      expect.stringContaining(`problem image: there is no ${IMAGE}`),
    ]);
    expect(exitCode).toBe(1);
  });

  test("a model has retired, and one is not at its location", async () => {
    const config = "config/litellm.vertex.yaml";
    let before = "";
    await patient.workspace.edit(config, (text) => {
      before = text;
      return text.replace(
        "vertex_ai/gemini-4-argon",
        "vertex_ai/gemini-2.5-pro",
      );
    });
    const retired = await ask();
    await patient.workspace.edit(config, () => before);
    expect(troubles(retired.rows)[0]).toMatch(
      /^problem config: config\/litellm\.vertex\.yaml:\d+: vertex_ai\/gemini-2\.5-pro was retired on 2026-10-20 \| Take a current model/,
    );
    expect(retired.exitCode).toBe(1);
    const elsewhere = await ask(["local"], { MODEL_REGION: "europe-west1" });
    expect(troubles(elsewhere.rows)).toEqual([
      expect.stringContaining(
        "problem models: vertex_ai/gemini-4-argon is not in europe-west1, or not for this project | Regions get no new models: set MODEL_REGION=eu in envs/local.env",
      ),
    ]);
    expect(elsewhere.exitCode).toBe(1);
  });

  test("there is no such project", async () => {
    const { rows, exitCode } = await ask(["local"], {
      PROJECT_ID: "demo-elsewhere",
    });
    expect(troubles(rows)).toContain(
      "problem project: there is no project demo-elsewhere, or this account cannot see it | gcloud projects list",
    );
    expect(exitCode).toBe(1);
  });
});

describe("permissions", () => {
  async function askAs(caller: Member, ...args: string[]) {
    return ask(["local", ...args], patient.emulator.envFor(caller));
  }

  test("that are missing are told with their role, and the command that gives it", async () => {
    const { rows, exitCode } = await askAs(BOB);
    expect(troubles(rows).filter((row) => row.includes("roles/run.admin")))
      .toMatchInlineSnapshot(`
      [
        "problem to deploy: run.services.create, run.services.list, run.revisions.get, run.revisions.list, run.services.get, run.services.getIamPolicy, run.services.update, run.services.setIamPolicy are missing (roles/run.admin) | Whoever administers the project gives it:
      gcloud projects add-iam-policy-binding demo-litellm --member=user:bob@example.com --role=roles/run.admin --condition=None",
      ]
    `);
    expect(exitCode).toBe(1);
  });

  test("are enough once each of these commands was run", async () => {
    const first = await askAs(BOB);
    const commands = first.rows.flatMap(({ mend }) =>
      (mend ?? "").split("\n").filter((line) => line.startsWith("gcloud ")),
    );
    expect(commands.length).toBeGreaterThan(4);
    const pasted = await patient.workspace.paste(commands.join("\n"));
    expect(pasted.stderr).not.toContain("ERROR");
    const { rows, exitCode } = await askAs(BOB);
    expect(troubles(rows)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test("to prepare are not asked of who sees that it is done", async () => {
    for (const role of [
      "roles/iam.serviceAccountUser",
      "roles/secretmanager.viewer",
      "roles/serviceusage.serviceUsageConsumer",
    ]) {
      patient.project().policy.bindings.push({ role, members: [CAROL] });
    }
    const { rows } = await askAs(CAROL);
    expect(rows.find(({ check }) => check === "to prepare")?.detail).toBe(
      "is done (and this account could not do it)",
    );
  });

  test("to prepare are asked for where that is what is wanted", async () => {
    const { rows, exitCode } = await askAs(CAROL, "--for=prepare");
    const missing = troubles(rows);
    expect(missing).toContainEqual(
      expect.stringContaining("serviceusage.services.enable is missing"),
    );
    expect(missing).toContainEqual(
      expect.stringContaining(
        "gcloud projects add-iam-policy-binding demo-litellm --member=user:carol@example.com --role=roles/resourcemanager.projectIamAdmin --condition='^;^title=only-aiplatform-user;",
      ),
    );
    expect(exitCode).toBe(1);
    const limited = rows
      .flatMap(({ mend }) => (mend ?? "").split("\n"))
      .filter((line) => line.includes("projectIamAdmin"));
    const pasted = await patient.workspace.paste(limited.join("\n"));
    expect(pasted.stderr).not.toContain("ERROR");
    expect(patient.project().policy.bindings).toContainEqual({
      role: "roles/resourcemanager.projectIamAdmin",
      members: expect.arrayContaining([CAROL]) as unknown,
      condition: {
        title: "only-aiplatform-user",
        expression:
          "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/aiplatform.user'])",
      },
    });
  });

  test("to verify are fewer than those to deploy", async () => {
    const { rows } = await askAs("user:dave@example.com", "--for=verify");
    const checks = new Set(
      rows.filter(({ state }) => state === "problem").map(({ check }) => check),
    );
    expect([...checks]).toEqual(["project", "to verify"]);
  });
});

describe("organisation policies", () => {
  async function askUnder(
    rules: Record<string, PolicyRule[]>,
    env: Record<string, string> = {},
  ) {
    const state = orgPolicyOf(patient.project());
    state.organization = "123456789012";
    for (const [name, rule] of Object.entries(rules)) {
      state.rules.set(name, rule);
    }
    const asked = await ask(["local"], env);
    state.organization = undefined;
    state.rules.clear();
    return asked;
  }

  test("cannot be looked at while their API is off", async () => {
    const { rows, exitCode } = await askUnder({});
    expect(troubles(rows)).toEqual([
      "warning org policies: could not be looked at: the Organization Policy API is not enabled | gcloud services enable orgpolicy.googleapis.com --project=demo-litellm",
    ]);
    expect(exitCode).toBe(0);
  });

  test("that forbid what the env says are told with the setting", async () => {
    patient.project().enabledApis.add("orgpolicy.googleapis.com");
    expect(troubles((await askUnder({})).rows)).toEqual([]);
    const { rows, exitCode } = await askUnder({
      "run.managed.requireInvokerIam": [{ enforce: true }],
      "run.allowedIngress": [{ values: { allowedValues: ["is:internal"] } }],
      "gcp.resourceLocations": [
        { values: { allowedValues: ["in:europe-locations"] } },
      ],
    });
    expect(troubles(rows)).toMatchInlineSnapshot(`
      [
        "problem run.managed.requireInvokerIam: forbids ACCESS=public | Set ACCESS=iam in envs/local.env, or ask whoever administers the organisation.
      gcloud org-policies describe run.managed.requireInvokerIam --effective --project=demo-litellm",
        "problem run.allowedIngress: forbids all | Set another INGRESS in envs/local.env, or ask whoever administers the organisation.
      gcloud org-policies describe run.allowedIngress --effective --project=demo-litellm",
        "problem gcp.resourceLocations: forbids us-central1 | Set REGION (for global: SECRET_LOCATIONS) in envs/local.env, or ask whoever administers the organisation.
      gcloud org-policies describe gcp.resourceLocations --effective --project=demo-litellm",
      ]
    `);
    expect(exitCode).toBe(1);
  });

  test("that forbid something else are ok", async () => {
    const { rows } = await askUnder(
      { "run.managed.requireInvokerIam": [{ enforce: true }] },
      { ACCESS: "iam" },
    );
    expect(troubles(rows)).toEqual([]);
  });

  test("that the caller may not read are told as such", async () => {
    orgPolicyOf(patient.project()).organization = "123456789012";
    const { rows, exitCode } = await ask(
      ["local"],
      patient.emulator.envFor(BOB),
    );
    orgPolicyOf(patient.project()).organization = undefined;
    const { detail = "", state } =
      rows.find(({ check }) => check === "run.allowedIngress") ?? {};
    expect(state).toBe("warning");
    expect(detail).toMatch(
      /^could not be looked at: .*orgpolicy\.policy\.get/s,
    );
    expect(exitCode).toBe(0);
  });
});

describe("what does not depend on Google is looked at all the same where", () => {
  test("there is no gcloud", async () => {
    await symlink("/bin/bash", path.join(directory, "bash"));
    const { rows, exitCode } = await ask(["local"], { PATH: directory });
    expect(troubles(rows)[0]).toContain(
      "problem gcloud: the gcloud CLI is not installed",
    );
    expect(rows.find(({ check }) => check === "config")?.state).toBe("ok");
    expect(exitCode).toBe(1);
  });

  test("nobody is logged in", async () => {
    const { rows, exitCode } = await ask(["local"], {
      CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: "",
      CLOUDSDK_CORE_ACCOUNT: "",
    });
    expect(troubles(rows)).toEqual([
      expect.stringMatching(
        /^problem login: .*active account selected\. \| gcloud auth login$/,
      ),
      "warning Google: could not be looked at: there is no login. Nothing is known of the project, its permissions and the service. | ",
    ]);
    expect(rows.find(({ check }) => check === "config")?.state).toBe("ok");
    expect(exitCode).toBe(1);
  });

  test("the proxy refuses", async () => {
    const { rows, exitCode } = await ask(["local"], {
      CLOUDSDK_PROXY_PORT: "1",
    });
    expect(troubles(rows)).toContainEqual(
      expect.stringMatching(
        /^problem network: cloudresourcemanager\.googleapis\.com cannot be reached \(gcloud's proxy=127\.0\.0\.1:1.*\| gcloud info --run-diagnostics$/,
      ),
    );
    expect(rows.find(({ check }) => check === "image")?.state).toBe("ok");
    expect(exitCode).toBe(1);
  });
});

describe("bad input ends with 2:", () => {
  test.each([
    ["an env that is not there", ["locl"], 'Did you mean "local"?'],
    ["a task that is not there", ["local", "--for=deplo"], "deploy"],
  ])("%s", async (_, args, answer) => {
    const { exitCode, stderr, stdout } = await ask(args);
    expect(stderr).toContain(answer);
    expect(stdout).toBe("");
    expect(exitCode).toBe(2);
  });

  test("settings that are not valid", async () => {
    const { exitCode, stderr } = await ask(["local"], { CPU: "3" });
    expect(stderr).toContain("CPU");
    expect(exitCode).toBe(2);
  });
});

itConforms(() => patient.emulator.exchanges);
