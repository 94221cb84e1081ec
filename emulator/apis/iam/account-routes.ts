import type { Hono } from "hono";
import { type ApiEnv, withVerb, withoutVerb } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { message, readBody } from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { findAccount, requireProject } from "./find-account.ts";
import { readNewAccount, readPatch, readReplacement } from "./requests.ts";
import {
  createServiceAccount,
  deleteServiceAccount,
  toServiceAccount,
  undeleteServiceAccount,
} from "./service-account.ts";

const COLLECTION = "/v1/projects/:project/serviceAccounts";

const ACCOUNT = `${COLLECTION}/:account{[^/:]+}` as const;

export function addAccountRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get(COLLECTION, (c) => {
    requireKnownParameters(c, ["pageSize", "pageToken"]);
    const project = requireProject(cloud, c.req.param("project"), "list");
    const accounts = [...project.serviceAccounts.values()];
    const { items, nextPageToken } = readPage(c, accounts, 100, 20);
    return c.json({
      ...(items.length > 0 && {
        accounts: items.map((account) => toServiceAccount(project, account)),
      }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.post(COLLECTION, async (c) => {
    const project = requireProject(cloud, c.req.param("project"), "create");
    const { email, options } = await readNewAccount(c, project);
    const account = createServiceAccount(project, email, options);
    cloud.propagation.begin(account);
    return c.json(toServiceAccount(project, account));
  });
  routes.get(ACCOUNT, (c) => {
    const { project: id, account: name } = c.req.param();
    const { project, account } = findAccount(cloud, id, name);
    return c.json(toServiceAccount(project, account));
  });
  routes.patch(ACCOUNT, async (c) => {
    const { project: id, account: name } = c.req.param();
    const { project, account } = findAccount(cloud, id, name);
    Object.assign(account, await readPatch(c));
    return c.json(toServiceAccount(project, account));
  });
  routes.put(ACCOUNT, async (c) => {
    const { project: id, account: name } = c.req.param();
    const { project, account } = findAccount(cloud, id, name);
    Object.assign(account, await readReplacement(c));
    return c.json(toServiceAccount(project, account));
  });
  routes.delete(ACCOUNT, (c) => {
    const { project: id, account: name } = c.req.param();
    const { project, account } = findAccount(cloud, id, name);
    deleteServiceAccount(cloud, project, account);
    return c.json({});
  });
}

/** Disabling, enabling and bringing back a deleted account. */
export function addStateRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  for (const verb of ["disable", "enable"] as const) {
    routes.post(`${COLLECTION}/${withVerb("account", verb)}`, async (c) => {
      const name = withoutVerb(c.req.param("account"));
      const { account } = findAccount(cloud, c.req.param("project"), name);
      await readBody(c, message({}));
      account.disabled = verb === "disable";
      return c.json({});
    });
  }
  routes.post(`${COLLECTION}/${withVerb("account", "undelete")}`, async (c) => {
    await readBody(c, message({}));
    const uniqueId = withoutVerb(c.req.param("account"));
    for (const project of cloud.projects.values()) {
      const account = project.deletedServiceAccounts.get(uniqueId);
      if (account === undefined) continue;
      undeleteServiceAccount(cloud, project, account);
      return c.json({ restoredAccount: toServiceAccount(project, account) });
    }
    throw new GoogleError("NOT_FOUND", "Unknown service account");
  });
}
