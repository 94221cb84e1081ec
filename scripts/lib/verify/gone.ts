import type { Session } from "../service/session.ts";
import { readService } from "../service/state/read-service.ts";

/** What was removed while it was verified, in a sentence; undefined where all is there. */
export async function findGone(
  { read, settings }: Pick<Session, "read" | "settings">,
  tag: string | undefined,
): Promise<string | undefined> {
  const service = await readService(read, settings);
  if (service === undefined) {
    return `somebody deleted service ${settings.service} while it was verified`;
  }
  const traffic = service.status?.traffic ?? [];
  if (tag === undefined || traffic.some((target) => target.tag === tag)) {
    return undefined;
  }
  return `somebody took the tag ${tag} away from service ${settings.service} while it was verified`;
}
