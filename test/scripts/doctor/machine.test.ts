import { expect, test } from "vitest";
import { SecretValue } from "../../../scripts/lib/cli/secret-value.ts";
import { UserError } from "../../../scripts/lib/cli/errors.ts";
import { judgeMachine } from "../../../scripts/lib/doctor/judge-machine.ts";
import {
  type Machine,
  listNetwork,
} from "../../../scripts/lib/doctor/machine.ts";
import { GcloudError } from "../../../scripts/lib/google/gcloud.ts";

const MACHINE: Machine = {
  gcloud: { value: "528.0.0" },
  context: {
    value: {
      accessToken: new SecretValue("t"),
      identityToken: undefined,
      properties: {},
    },
  },
  properties: { core: { account: "ann@example.com" } },
  clock: { value: 0 },
  network: [],
};

function judge(check: string, changed: Partial<Machine>): string {
  const all = judgeMachine({ ...MACHINE, ...changed });
  const found = all.find((finding) => finding.check === check);
  return [found?.state, found?.detail, found?.mend]
    .filter((part) => part !== undefined)
    .join(" | ");
}

const failed = (stderr: string) => ({
  reason: new GcloudError({ args: ["config", "config-helper"] }, 1, stderr),
});

test("a gcloud that is older than the one that was tried is worth a word", () => {
  expect(judge("gcloud", {})).toBe("ok | 528.0.0");
  expect(judge("gcloud", { gcloud: { value: "594.0.0" } })).toBe(
    "ok | 594.0.0",
  );
  expect(judge("gcloud", { gcloud: { value: "499.0.0" } })).toBe(
    "warning | 499.0.0: this project was tried with 528 and newer | gcloud components update",
  );
});

test.each([
  [1_000, "ok | as Google's"],
  [-90_000, "ok | 90 s behind Google's"],
  [600_000, "problem | 10 minutes ahead of Google's: tokens are refused"],
  [-3_600_000, "problem | 60 minutes behind Google's: tokens are refused"],
])("a clock that is %i ms ahead", (value, told) => {
  expect(judge("clock", { clock: { value } })).toMatch(
    new RegExp(`^${told.replaceAll("|", "\\|")}`),
  );
});

test.each([
  [
    "You do not currently have an active account selected. gcloud auth login",
    "gcloud auth login",
  ],
  ["Reauthentication failed. cannot prompt", "gcloud auth login"],
  ["('invalid_grant: Bad Request')", "gcloud auth login"],
  ["Max retries exceeded: Connection refused", "gcloud info --run-diagnostics"],
])("a login that fails with %s", (stderr, mend) => {
  expect(judge("login", { context: failed(stderr) })).toMatch(
    new RegExp(`^problem .* \\| ${mend}$`),
  );
});

test("impersonation is told", () => {
  const auth = { impersonate_service_account: "sa@p.iam.gserviceaccount.com" };
  expect(judge("login", { properties: { ...MACHINE.properties, auth } })).toBe(
    "ok | ann@example.com, as sa@p.iam.gserviceaccount.com",
  );
});

test("a network on which Google cannot be reached is a problem", () => {
  const clock = {
    reason: new UserError("run.googleapis.com cannot be reached"),
  };
  expect(judge("network", { clock, network: ["NO_PROXY=localhost"] })).toBe(
    "problem | run.googleapis.com cannot be reached (NO_PROXY=localhost) | gcloud info --run-diagnostics",
  );
});

test("proxies and certificates are listed without a password", () => {
  expect(
    listNetwork(
      {
        proxy: { address: "proxy.example", port: "3128", password: "hunter2" },
        core: { custom_ca_certs_file: "/etc/ca.pem" },
      },
      { HTTPS_PROXY: "http://ann:hunter2@proxy.example:3128", HOME: "/root" },
    ),
  ).toEqual([
    "gcloud's proxy=proxy.example:3128",
    "gcloud's custom_ca_certs_file=/etc/ca.pem",
    "HTTPS_PROXY=http://…@proxy.example:3128",
  ]);
});
