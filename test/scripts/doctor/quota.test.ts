import { expect, test } from "vitest";
import { UserError } from "../../../scripts/lib/cli/errors.ts";
import { type Quotas, judgeQuota } from "../../../scripts/lib/doctor/quota.ts";
import { settingsWith } from "../../support/states.ts";

/** What a new project has: 20 vCPU and 40 GiB. */
const NEW: Quotas = new Map([
  ["run.googleapis.com/cpu_allocation", 20_000],
  ["run.googleapis.com/mem_allocation", 40 * 2 ** 30],
]);

function judge(lines: Record<string, string>, quotas = NEW): string {
  const {
    state,
    detail,
    mend = "",
  } = judgeQuota(settingsWith(lines), {
    value: quotas,
  });
  return `${state}: ${detail} | ${mend}`;
}

test("a maximum that the region has room for is ok, to the last instance", () => {
  const fits = (rest: string) =>
    `ok: MAX_INSTANCES=${rest} into us-central1 | `;
  expect(judge({})).toBe(fits("10, of 20 that fit"));
  expect(judge({ MAX_INSTANCES: "20", MEMORY: "2Gi" })).toBe(
    fits("20, of 20 that fit"),
  );
  expect(judge({ MEMORY: "4096Mi" })).toBe(fits("10, of 10 that fit"));
  const endless = new Map([["run.googleapis.com/cpu_allocation", Infinity]]);
  expect(judge({}, endless)).toBe(fits("10, without limit"));
});

test("one that it has no room for is told, with what fits and with how to ask for more", () => {
  const ask = (id: string, value: number) =>
    `gcloud beta quotas preferences create --service=run.googleapis.com --quota-id=${id} --preferred-value=${value} --dimensions=region=us-central1 --project=my-project`;
  expect(judge({ CPU: "4", MEMORY: "2Gi" })).toBe(
    `problem: MAX_INSTANCES=10 is 40 vCPU; us-central1 allows this project 20 vCPU | Set MAX_INSTANCES=5 in envs/dev.env, or ask Google for more:\n${ask("CpuAllocPerProjectRegion", 40_000)}`,
  );
  expect(judge({ MAX_INSTANCES: "30", MEMORY: "4Gi" })).toBe(
    `problem: MAX_INSTANCES=30 is 30 vCPU and 120 GiB; us-central1 allows this project 20 vCPU and 40 GiB | Set MAX_INSTANCES=10 in envs/dev.env, or ask Google for more:\n${ask("CpuAllocPerProjectRegion", 30_000)}\n${ask("MemAllocPerProjectRegion", 120 * 2 ** 30)}`,
  );
  const one = new Map([["run.googleapis.com/cpu_allocation", 1000]]);
  expect(judge({ CPU: "2" }, one)).toContain("Set CPU and MEMORY lower");
});

test("what Google does not say, or not to this account, is no problem", () => {
  expect(judge({}, new Map())).toBe(
    "warning: could not be looked at: Google names no limit | ",
  );
  const reason = new UserError("no", { hint: "a role" });
  expect(judgeQuota(settingsWith({}), { reason })).toMatchObject({
    state: "warning",
    detail: "could not be looked at: no",
    mend: "a role",
  });
});
