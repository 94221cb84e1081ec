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

/** `revision percent tag → image config key`, of everything that traffic or a tag leads to. */
export function listServed(emulator: TestEmulator): string[] {
  const service = findService(emulator);
  return (service?.serving ?? []).map((t) => {
    const spec = service?.revisions.get(t.revisionName)?.template.spec;
    const [container] = spec?.containers ?? [];
    const key = container?.env?.find((e) => e.name === "LITELLM_MASTER_KEY");
    return [
      `${t.revisionName} ${String(t.percent)} ${t.tag ?? ""}→`,
      container?.image.replace(/@.*/, "@digest"),
      spec?.volumes?.[0]?.secret?.items?.[0]?.key,
      key?.valueFrom?.secretKeyRef?.key,
    ].join(" ");
  });
}
