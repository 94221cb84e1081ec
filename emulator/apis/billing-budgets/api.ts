import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { readBody } from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import type { Slot } from "../../core/states.ts";
import { ACCOUNT } from "../billing/account.ts";
import { mayOnAccount, projectOf, requireAccess } from "./access.ts";
import { completeBudget, showBudget } from "./complete.ts";
import { applyMask } from "./mask.ts";
import { BUDGET, type Budget } from "./requests.ts";

/** By name, oldest first. */
const BUDGETS: Slot<Map<string, Budget>> = { make: () => new Map() };

const LARGEST_PAGE = 100;

export function budgetsOf(cloud: Cloud): Map<string, Budget> {
  return cloud.states.of(BUDGETS);
}

/** The Cloud Billing Budget API v1. Nothing is spent here: no budget ever sends a mail. */
export function billingBudgetsApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  const budgets = budgetsOf(cloud);
  const collection = `/v1/${ACCOUNT.name}/budgets` as const;
  const nameOf = (id: string) => `${ACCOUNT.name}/budgets/${id}`;
  const find = (id: string) => {
    const budget = budgets.get(nameOf(id));
    if (budget !== undefined) return budget;
    throw new GoogleError("NOT_FOUND", "Requested entity was not found.");
  };
  routes.get(collection, (c) => {
    requireKnownParameters(c, ["pageSize", "pageToken", "scope"]);
    const { caller } = c.var;
    const scope = c.req.query("scope");
    if (scope === undefined || !mayOnAccount(cloud, caller, "list")) {
      const projects = scope === undefined ? [] : [scope];
      requireAccess(cloud, caller, "list", { budgetFilter: { projects } });
    }
    const project = cloud.findProject(scope?.replace(/^projects\//, "") ?? "");
    const found = [...budgets.values()].filter(
      (budget) => scope === undefined || projectOf(cloud, budget) === project,
    );
    const { items, nextPageToken } = readPage(c, found, LARGEST_PAGE);
    return c.json({
      ...(items.length > 0 && { budgets: items.map(showBudget) }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.post(collection, async (c) => {
    requireKnownParameters(c, []);
    const sent = await readBody(c, BUDGET, "budget");
    requireAccess(cloud, c.var.caller, "create", sent);
    const budget = completeBudget(cloud, nameOf(crypto.randomUUID()), sent);
    budgets.set(budget.name, budget);
    return c.json(showBudget(budget));
  });
  routes.get(`${collection}/:id`, (c) => {
    requireKnownParameters(c, []);
    const budget = find(c.req.param("id"));
    requireAccess(cloud, c.var.caller, "get", budget);
    return c.json(showBudget(budget));
  });
  routes.patch(`${collection}/:id`, async (c) => {
    requireKnownParameters(c, ["updateMask"]);
    const kept = find(c.req.param("id"));
    const sent = await readBody(c, BUDGET, "budget");
    const wanted = applyMask(c.req.query("updateMask"), kept, sent);
    for (const one of [kept, wanted]) {
      requireAccess(cloud, c.var.caller, "update", one);
    }
    if (sent.etag !== undefined && sent.etag !== kept.etag) {
      throw new GoogleError("ABORTED", "The etag of the budget has changed.");
    }
    const budget = completeBudget(cloud, kept.name, wanted);
    budgets.set(budget.name, budget);
    return c.json(showBudget(budget));
  });
  routes.delete(`${collection}/:id`, (c) => {
    requireKnownParameters(c, []);
    const budget = budgets.get(nameOf(c.req.param("id")));
    // "Returns successfully if already deleted." (discovery document)
    if (budget !== undefined) {
      requireAccess(cloud, c.var.caller, "delete", budget);
      budgets.delete(budget.name);
    }
    return c.json({});
  });
  return {
    service: "billingbudgets.googleapis.com",
    title: "Cloud Billing Budget API",
    hosts: /^billingbudgets\.googleapis\.com$/,
    routes,
  };
}
