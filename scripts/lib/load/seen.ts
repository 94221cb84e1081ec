import { createLastingReader } from "../google/lasting-reader.ts";
import type { Session } from "../service/session.ts";
import type { Measurement } from "./measurement.ts";
import type { ProposalInput } from "./propose.ts";
import { readInstances } from "./read-instances.ts";
import { readMemory } from "./read-memory.ts";
import { sizesOf } from "./sizes.ts";
import type { Served } from "./target.ts";

/** What Google saw of a run, as far as it tells. */
export async function readSeen(
  session: Session,
  { service, revision }: Served,
  measurement: Measurement,
): Promise<Pick<ProposalInput, "instances" | "memory" | "sizes">> {
  const { settings } = session;
  const { began, rehearsed } = measurement;
  // The run may have outlasted the token.
  const read = createLastingReader(session.read, settings.projectId);
  const instances = await readInstances(read, settings, measurement);
  const memory = rehearsed
    ? { unknown: "the rehearsal has no Cloud Monitoring" }
    : await readMemory(read, settings, began, new Date().toISOString());
  return { instances, memory, sizes: sizesOf(service, revision) };
}
