import { expect, test } from "vitest";
import { UserError } from "../../../scripts/lib/cli/errors.ts";
import type { Finding } from "../../../scripts/lib/doctor/finding.ts";
import { judgeImage } from "../../../scripts/lib/doctor/image.ts";
import { settingsWith } from "../../support/states.ts";

const STORED = "europe-docker.pkg.dev/my-project/images/litellm:v1.108.14";
const DIGEST = `sha256:${"a".repeat(64)}`;

function judge(IMAGE: string, stored?: Parameters<typeof judgeImage>[1]) {
  return judgeImage(settingsWith({ IMAGE }), stored);
}

test.each<[string, Finding["state"], string]>([
  ["docker.io/litellm/litellm:v1.108.14", "ok", "v1.108.14"],
  ["gcr.io/my-project/litellm:v1.108.14", "ok", "v1.108.14"],
  [`docker.io/litellm/litellm@${DIGEST}`, "ok", "sha256"],
  [`docker.io/litellm/litellm:main-stable@${DIGEST}`, "ok", "main-stable"],
  ["docker.io/litellm/litellm:v1.80.0", "warning", "older than 1.104.7"],
])("%s is %s", (image, state, detail) => {
  const finding = judge(image);
  expect(finding.state).toBe(state);
  expect(finding.detail).toContain(detail);
});

test("an image in Artifact Registry is there, is not there, or cannot be looked at", () => {
  expect(judge(STORED, { value: `…@${DIGEST}` }).state).toBe("ok");
  expect(judge(STORED, { value: undefined })).toMatchObject({
    state: "problem",
    detail: `there is no ${STORED}`,
  });
  expect(judge(STORED, { reason: new UserError("no") })).toMatchObject({
    state: "warning",
    detail: "could not be looked at: no",
  });
});
