import * as commands from "../commands.ts";
import { UserError } from "../errors.ts";
import { formatCommand } from "../gcloud.ts";
import type { Settings } from "../settings/settings.ts";
import type { Service } from "../state/knative.ts";
import type { State } from "../state/state.ts";

/**
 * gcloud puts its own fresh resourceVersion into what it writes, so it does
 * not notice a change since the plan. The generation does: it must be the
 * planned one plus one. Otherwise our write went over somebody else's:
 * `did` tells what it was.
 */
export function checkGeneration(
  settings: Settings,
  state: State,
  did: string,
  written: Service,
): void {
  const planned = (state.service?.metadata.generation ?? 0) + 1;
  if (written.metadata.generation === planned) return;
  const serving = state.service?.status?.traffic?.find(
    (t) => (t.percent ?? 0) > 0,
  )?.revisionName;
  const restore =
    serving === undefined
      ? "gcloud run revisions list"
      : formatCommand(commands.updateTraffic(settings, { to: serving }));
  throw new UserError(
    [
      `somebody else changed service ${settings.service} at the same time: it is at generation ${String(written.metadata.generation)}, planned was ${String(planned)}.`,
      `This run ${did} and moved no traffic since.`,
      `See who changed what: gcloud run revisions list --service=${settings.service} --region=${settings.region} --project=${settings.projectId}`,
    ].join("\n"),
    { hint: `To put the traffic back to where it was planned: ${restore}` },
  );
}
