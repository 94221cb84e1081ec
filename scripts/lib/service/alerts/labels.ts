import type { UserLabels } from "../../google/commands/monitoring.ts";
import type { Settings } from "../../settings/settings.ts";
import { LABELS } from "../ownership.ts";

/** What a policy, a check and a channel of one service carry. */
export function labelsOf({ service, region }: Settings): UserLabels {
  return { ...LABELS, service, location: region };
}

/** What every displayed name begins with. */
export function nameOf({ env }: Settings): string {
  return `litellm-cloudrun ${env}`;
}
