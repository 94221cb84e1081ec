import { UserError } from "../errors.ts";
import { readService } from "../state/read-service.ts";
import { idOf } from "../state/delivery-state.ts";
import type { Rollout } from "../state/release-state.ts";
import { createLastingReader } from "./lasting-reader.ts";
import type { DeliverySession } from "./open-delivery.ts";

/**
 * A rollout may succeed while the service's traffic is pinned elsewhere.
 * Throws UserError unless what was rolled out takes all of it.
 */
export async function checkServing(
  session: DeliverySession,
  rollout: Rollout,
): Promise<void> {
  const { targetId, metadata, state } = rollout;
  const settings = session.stages.find((s) => s.env === targetId);
  const revision = metadata?.cloudRun?.revision?.split("/").at(-1);
  if (state !== "SUCCEEDED" || settings === undefined) return;
  if (revision === undefined) return;
  const { projectId, region } = settings;
  const read = createLastingReader(session.readAs(projectId), projectId);
  const service = await readService(read, settings);
  const serving = (service?.status?.traffic ?? []).filter(
    (t) => (t.percent ?? 0) > 0,
  );
  if (serving.every((t) => t.revisionName === revision)) return;
  const others = serving
    .map((t) => `${t.revisionName ?? "?"} ${String(t.percent ?? 0)} %`)
    .join(", ");
  throw new UserError(
    `${idOf(rollout)} succeeded, but its revision ${revision} does not take all traffic: ${others}`,
    {
      hint: `Somebody pinned it. Give it up: gcloud run services update-traffic ${settings.service} --to-latest --region=${region} --project=${projectId}`,
    },
  );
}
