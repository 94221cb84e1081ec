import { afterAll, beforeAll, expect, test } from "vitest";
import { geminiOf } from "../../emulator/apis/gemini/state.ts";
import {
  type FakeGcloud,
  listRunning,
  startFakeGcloud,
} from "../support/fake-gcloud.ts";
import { findService } from "../support/services.ts";

let gcloud: FakeGcloud;

beforeAll(async () => {
  gcloud = await startFakeGcloud();
});

afterAll(() => gcloud.close());

test("a gcloud that is held ends with what it waits for, and has done nothing", async () => {
  const { faults } = geminiOf(gcloud.emulator.cloud);
  faults.status = 503;
  const run = await gcloud.deploy(
    'case "$*" in *--flags-file=*) echo $$ >>"$HERE/held";; esac; exec "$REAL" "$@"',
  );
  faults.status = undefined;
  expect(run.stderr).toMatch(/\n- Verify \S+, and mark it as proven\n/);
  expect(run.exitCode).toBe(1);
  const held = await gcloud.written("held");
  expect(await listRunning(gcloud.emulator, held)).toEqual([]);
  const service = findService(gcloud.emulator);
  expect(service?.serving).toMatchObject([
    { tag: expect.stringMatching(/^cand-/) as string },
  ]);

  const again = await gcloud.workspace.script("deploy.ts");
  expect(`${String(again.exitCode)} ${again.stderr}`).toMatch(/^0 /);
  expect(service?.serving.map(({ tag }) => tag)).toEqual([undefined]);
});
