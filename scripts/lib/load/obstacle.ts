import type { Measurement } from "./measurement.ts";
import { BUSY, percent } from "./report.ts";

/** More failures than this, and what was measured is not what is wanted. */
const MOST_FAILURES = 0.01;

/** Why nothing can be concluded from a run; undefined: something can. */
export function findObstacle(
  { rehearsed, ended, summary, clientBusy, bounds }: Measurement,
  latency: number | undefined,
): string | undefined {
  if (rehearsed) {
    return "this is the rehearsal. Its Cloud Run is a model on one machine, which its instances share with the emulated Gemini and with these calls; sizes that do here say nothing of Google's";
  }
  if (latency === undefined || bounds.rate === undefined) {
    return "say what is wanted of the env: --rate=10 --latency=3s";
  }
  if (ended !== "done") return `the run was not finished (${ended})`;
  if (summary.answered === 0) return "nothing was answered";
  if (summary.failed > MOST_FAILURES * summary.calls) {
    return `${summary.failed} of ${summary.calls} calls failed. Mend that first: sizes do not help against most failures, MAX_INSTANCES against "no-instance"`;
  }
  if (clientBusy > BUSY) {
    return `this machine's client was busy for ${percent(clientBusy)} of the time: it was measured, not the gateway`;
  }
  return undefined;
}
