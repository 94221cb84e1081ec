import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itConforms } from "../support/discovery.ts";
import { type Patient, openPatient, troubles } from "../support/doctor.ts";

let patient: Patient;
const ask: Patient["ask"] = (...asked) => patient.ask(...asked);

beforeAll(async () => {
  patient = await openPatient();
});

afterAll(() => patient.close());

describe("an env that is deployed and healthy", () => {
  test("is all ok, and told so in lines of at most 80 characters", async () => {
    const run = await patient.workspace.script("doctor.ts");
    const shown = run.stderr
      .replace(/127\.0\.0\.1:\d+/, "127.0.0.1:PORT")
      .replace(/^ok {6}network.*\n( .*\n)*/m, "ok      network: …\n");
    expect(shown).toMatchInlineSnapshot(`
      "ok      gcloud: 528.0.0
      ok      login: developer@example.com
      ok      clock: as Google's
      ok      network: …
      ok      settings: litellm-proxy in demo-litellm, us-central1, mode vertex
      ok      project: demo-litellm
      ok      billing: on
      ok      APIs: all 4 are enabled
      ok      org policies: the project is in no organisation
      ok      to prepare: all 7 permissions
      ok      to deploy: all 20 permissions
      ok      to verify: all 5 permissions
      ok      account: litellmsa@demo-litellm.iam.gserviceaccount.com
      ok      master key: litellm-master-key, version 1
      ok      service: litellm-proxy in us-central1, deployed directly
      ok      quota: MAX_INSTANCES=10, of 20 that fit into us-central1
      ok      image: docker.io/litellm/litellm:v1.108.14
      ok      config: config/litellm.vertex.yaml
      ok      models: chat models found at their location: 1 of 1; the command verify
              asks them all

      19 ok, 0 warnings, 0 problems
      "
    `);
    // A path alone in its line is there to be copied.
    const lines = run.stderr.split("\n").filter((l) => / \S+ /.test(l.trim()));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(run.stdout).toBe("");
    expect(run.exitCode).toBe(0);
  });

  test("is an array of the same members as JSON", async () => {
    const { rows, exitCode } = await ask();
    expect(troubles(rows)).toEqual([]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["check", "state", "detail", "mend"]);
    }
    expect(rows.find(({ check }) => check === "billing")).toEqual({
      check: "billing",
      state: "ok",
      detail: "on",
      mend: null,
    });
    expect(exitCode).toBe(0);
  });
});

// What mends each problem: test/deep/doctor.test.ts.
test("a problem is told with the command that mends it, and ends with 1", async () => {
  patient.project().billingEnabled = false;
  const { rows, exitCode } = await ask();
  patient.project().billingEnabled = true;
  expect(troubles(rows)).toContain(
    "problem billing: project demo-litellm has no billing account | gcloud billing projects link demo-litellm --billing-account=ACCOUNT",
  );
  // What Google then refuses is told as what could not be looked at.
  expect(rows.find(({ check }) => check === "service")?.detail).toContain(
    "could not be looked at",
  );
  expect(exitCode).toBe(1);
});

itConforms(() => patient.emulator.exchanges);
