import { expect, it } from "vitest";
import {
  addAutomation,
  addRelease,
  createRollout,
  inState,
  rolloutId,
  startDeliveryEmulator,
  until,
} from "../../../../support/pipeline.ts";
import { deliveryOf } from "../../../../../emulator/apis/cloud-deploy/state.ts";

it("ends what runs and what waits when the emulator is closed", async () => {
  const emulator = await startDeliveryEmulator({ longestWait: 600_000 });
  addAutomation(emulator, "promote", "standard", [
    { promoteReleaseRule: { id: "promote", wait: "600s" } },
  ]);
  addRelease(emulator, "one");
  addRelease(emulator, "slow", { slow: "stable" });
  await createRollout(emulator, "one", "dev");
  await inState(emulator, rolloutId("one", "dev"), "SUCCEEDED");
  await createRollout(emulator, "slow", "dev");
  const id = await until(() => {
    const said = new RegExp(`${rolloutId("slow", "dev")} .*: process (\\d+)$`);
    const [pid] = emulator.lines.flatMap((l) => said.exec(l)?.[1] ?? []);
    expect(pid).toBeDefined();
    return Number(pid);
  });

  await emulator.close();

  expect(() => process.kill(id, 0)).toThrow("ESRCH");
  const [run] = deliveryOf(emulator.cloud).automationRuns.values();
  expect(run?.state).toBe("CANCELLED");
});
