import { type RunService, runOf } from "../../emulator/apis/run/state.ts";
import type { TestEmulator } from "./emulator.ts";

/** The service of an emulated project; where there are several, the one of `place` (`REGION/NAME`). */
export function findService(
  { cloud, projectId }: Pick<TestEmulator, "cloud" | "projectId">,
  place?: string,
): RunService | undefined {
  const { services } = runOf(cloud.project(projectId));
  if (place !== undefined) return services.get(place);
  const [only] = services.values();
  return only;
}

/** `REVISION PERCENT TAG`, of everything that traffic or a tag leads to. */
export function listServing(emulator: TestEmulator): string[] {
  return (findService(emulator)?.serving ?? []).map(
    ({ revisionName, percent = 0, tag = "" }) =>
      `${revisionName} ${String(percent)} ${tag}`,
  );
}
