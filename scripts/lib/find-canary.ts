import type { Session } from "./session.ts";
import { readService } from "./state/read-service.ts";
import { say } from "./terminal.ts";

/** What clouddeploy.yaml calls the new revision of a rollout until it takes all traffic. */
const CANARY_TAG = "canary";

/** The tag of a rollout's canary; undefined where there is no rollout, or it is in its last phase. */
export async function findCanary({
  read,
  settings,
}: Session): Promise<string | undefined> {
  const service = await readService(read, settings);
  const canary = (service?.status?.traffic ?? []).find(
    (t) => t.tag === CANARY_TAG,
  );
  if (canary === undefined) return undefined;
  say(`the canary: ${canary.revisionName ?? ""}, at its own URL`);
  return CANARY_TAG;
}
