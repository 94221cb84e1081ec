import { ApiError } from "../../google/api-error.ts";
import { readPages } from "../../google/pages.ts";
import type { ReadApi } from "../../google/rest.ts";
import type { Settings } from "../../settings/settings.ts";
import { type Budget, type BudgetState, isOurBudget } from "./budget-state.ts";

/** Undefined where the account that gcloud uses may not see it. Who owns the project sees the budgets of this project alone ("scope"). */
export async function readBudget(
  read: ReadApi,
  settings: Settings,
): Promise<BudgetState | undefined> {
  const { projectId } = settings;
  try {
    const info = (await read({
      api: "cloudbilling",
      path: `v1/projects/${projectId}/billingInfo`,
    })) as
      { billingAccountName?: string; billingEnabled?: boolean } | undefined;
    if (info === undefined) return undefined;
    const { billingAccountName: account, billingEnabled } = info;
    if (!billingEnabled || account === undefined) {
      return { account: undefined, budgets: [] };
    }
    const budgets = await readPages<Budget>(read, {
      api: "billingbudgets",
      path: `v1/${account}/budgets`,
      field: "budgets",
      query: { scope: `projects/${projectId}` },
    });
    const ours = budgets.filter((budget) => isOurBudget(settings, budget));
    return { account, budgets: ours };
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return undefined;
    throw error;
  }
}
