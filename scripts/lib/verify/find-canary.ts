import { updateTraffic } from "../google/commands/run.ts";
import { formatCommand, toRead } from "../google/gcloud.ts";
import { UserError } from "../cli/errors.ts";
import type { Session } from "../service/session.ts";
import type { Service } from "../manifest/knative.ts";
import { readService } from "../service/state/read-service.ts";
import { say } from "../cli/terminal.ts";

/** What clouddeploy.yaml calls the new revision of a rollout until it takes all traffic. */
const CANARY_TAG = "canary";

/**
 * The tag of a rollout's canary; undefined where there is no rollout, or it is
 * in its last phase. Throws UserError where the newest revision is neither a
 * canary nor serves: another one would be verified in its place.
 */
export async function findCanary({
  read,
  settings,
}: Session): Promise<string | undefined> {
  const service = await readService(read, settings);
  const traffic = service?.status?.traffic ?? [];
  const canary = traffic.find((t) => t.tag === CANARY_TAG);
  if (canary !== undefined) {
    say(`the canary: ${canary.revisionName ?? ""}, at its own URL`);
    return CANARY_TAG;
  }
  if (service !== undefined) refusePinned(service, settings);
  return undefined;
}

function refusePinned(
  { status }: Service,
  settings: Session["settings"],
): void {
  const newest = status?.latestCreatedRevisionName;
  const others = (status?.traffic ?? []).filter(
    (t) => (t.percent ?? 0) > 0 && t.revisionName !== newest,
  );
  if (others.length === 0) return;
  const where = others.map(
    (t) => `${t.revisionName ?? "?"} ${String(t.percent)} %`,
  );
  const giveUp = toRead(updateTraffic(settings, { toLatest: true }));
  throw new UserError(
    `the newest revision, ${newest ?? "?"}, does not take all traffic: ${where.join(", ")}`,
    {
      hint: `Somebody pinned it. Give it up: ${formatCommand(giveUp)}`,
    },
  );
}
