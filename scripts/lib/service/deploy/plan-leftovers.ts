import * as commands from "../../google/commands/service.ts";
import type { Settings } from "../../settings/settings.ts";
import { isOurSecret } from "../ownership.ts";
import type { State } from "../state/state.ts";
import { ACCESSOR_ROLE, VERTEX_ROLE, holds } from "../prepare/plan-access.ts";
import { callsVertexAs, readsSecret, runsAs } from "../sharing.ts";
import { type Step, gcloudStep } from "../../plan/step.ts";

/**
 * What the service needs no more once the new revision serves: the other
 * mode's role or key, and what the bash flow granted too widely.
 */
export function planLeftovers(settings: Settings, state: State): Step[] {
  const member = `serviceAccount:${settings.serviceAccount}`;
  const others = state.otherServices;
  const steps: Step[] = [];
  const removeRole = (role: string): void => {
    if (!holds(state.projectBindings, role, member)) return;
    const command = commands.removeProjectRole(settings, role, member);
    steps.push(
      gcloudStep(`Take ${role} from ${settings.serviceAccount}`, command),
    );
  };
  if (
    settings.mode === "apikey" &&
    !others.some((s) => callsVertexAs(s, settings.serviceAccount))
  ) {
    removeRole(VERTEX_ROLE);
  }
  if (!others.some((s) => runsAs(s, settings.serviceAccount))) {
    removeRole(ACCESSOR_ROLE);
  }
  const geminiKey = state.secrets.geminiKey;
  if (
    settings.mode === "vertex" &&
    geminiKey !== undefined &&
    isOurSecret(geminiKey) &&
    !others.some((s) => readsSecret(s, geminiKey.name))
  ) {
    const command = commands.deleteSecret(settings, geminiKey.name);
    steps.push(gcloudStep(`Delete secret ${geminiKey.name}`, command));
  }
  return steps;
}

/**
 * No binding lets everybody in: ACCESS=public needs none. It goes before the
 * new revision is verified where only callers with an identity may come in,
 * and after it serves where clients may still come in by it.
 */
export function planInvokers(
  settings: Settings,
  state: State,
): { before: Step[]; after: Step[] } {
  if (!holds(state.serviceBindings, "roles/run.invoker", "allUsers")) {
    return { before: [], after: [] };
  }
  const command = commands.removePublicInvoker(settings);
  const steps = [gcloudStep("Take roles/run.invoker from allUsers", command)];
  return settings.access === "iam"
    ? { before: steps, after: [] }
    : { before: [], after: steps };
}
