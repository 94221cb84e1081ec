import { setTimeout } from "node:timers/promises";
import { UserError } from "../../cli/errors.ts";
import { timed } from "../../cli/timings.ts";
import type { ReadApi } from "../../google/rest.ts";
import type { Settings } from "../../settings/settings.ts";
import { readRevision } from "./read-service.ts";

/** Seconds: Cloud Run lets a revision start for four minutes, and says so a little later. */
const LONGEST = 300;

/** Waits until a revision that starts is ready. Throws UserError where it is not, or never. */
export async function awaitRevision(
  read: ReadApi,
  settings: Settings,
  name: string,
): Promise<void> {
  for (let seconds = 0; seconds < LONGEST; seconds += 1) {
    const { status } = await readRevision(read, settings, name);
    const ready = status?.conditions?.find((c) => c.type === "Ready");
    if (ready?.status === "True") return;
    if (ready?.status === "False") {
      throw new UserError(
        `revision ${name} did not come up: ${ready.message ?? ready.reason ?? "no reason given"}`,
        { hint: "Run it again: it makes another one." },
      );
    }
    await timed("waits", () => setTimeout(1000));
  }
  throw new UserError(
    `revision ${name} was not ready after ${String(LONGEST)} s`,
    { hint: "Run it again: it goes on from what is there." },
  );
}
