import type { ReadApi } from "../../google/rest.ts";
import type { Settings } from "../../settings/settings.ts";
import { noBilling } from "../state/read-state.ts";
import type { AlertsState } from "./alerts-state.ts";
import type { Amount } from "./options.ts";
import type { AlertsPlan } from "./plan-alerts.ts";
import { planBudget, planBudgetRemoval } from "./plan-budget.ts";
import { readBudget } from "./read-budget.ts";

/** An env of a project, with its alerts. */
interface Seen {
  settings: Settings;
  read: ReadApi;
  state: AlertsState;
}

const UNSEEN =
  "this account may not see it (billing.resourcebudgets.read on the project, or roles/billing.costsManager on the billing account)";

/** Throws UserError where nobody pays for the project. */
export async function readBudgetPlan(
  { settings, read, state }: Seen,
  amount: Amount,
): Promise<AlertsPlan> {
  const { projectId } = settings;
  const found = await readBudget(read, settings);
  if (found === undefined) {
    const note = `No budget of ${projectId}: ${UNSEEN}.`;
    return { plan: [], kept: [], notes: [note] };
  }
  const { account } = found;
  if (account === undefined) throw noBilling(projectId);
  const plan = planBudget({ settings, amount, account }, found, state);
  return { plan, kept: [], notes: [] };
}

/** Of envs that share a project. Without the API there is no budget of ours to be seen. */
export async function readBudgetRemoval(
  envs: readonly [Seen, ...Seen[]],
): Promise<AlertsPlan> {
  const [{ settings, read, state }] = envs;
  const nothing = { plan: [], kept: [], notes: [] };
  if (!state.budgetsEnabled) return nothing;
  const found = await readBudget(read, settings);
  if (found === undefined) {
    const note = `budget of ${settings.projectId}, where there is one: ${UNSEEN}`;
    return { ...nothing, kept: [note] };
  }
  const going = envs.flatMap((env) => env.state.channels).map((c) => c.name);
  const staying = state.neighbours.filter((name) => !going.includes(name));
  const { plan, kept } = planBudgetRemoval(settings, found, { going, staying });
  return { ...nothing, plan, kept };
}
