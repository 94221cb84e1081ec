import type { Settings } from "../settings/settings.ts";
import type { Service } from "../manifest/knative.ts";
import type { State } from "./state/state.ts";
import { ForeignChangeError } from "./foreign-change.ts";

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
  throw new ForeignChangeError(settings, state, did, written);
}
