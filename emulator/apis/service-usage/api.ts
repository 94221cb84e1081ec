import { createHash } from "node:crypto";
import { Hono } from "hono";
import {
  type Api,
  type ApiEnv,
  withVerb,
  withoutVerb,
} from "../../core/api.ts";
import type { Cloud, Operation, Project } from "../../core/cloud.ts";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import {
  bool,
  enumeration,
  list,
  message,
  readBody,
  string,
} from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import { agentEmail } from "../../core/service-agents.ts";
import { ACCESS } from "./access.ts";
import { SERVICES } from "./catalog.ts";
import { disableService, enableServices } from "./enable.ts";
import { findProject } from "./find-project.ts";
import { operationFor } from "./operation.ts";
import { listQuotaMetrics } from "./quota.ts";
import { requireServices, toService } from "./service.ts";

const BATCH_ENABLE = message({ serviceIds: list(string) });

const DISABLE = message({
  disableDependentServices: bool,
  checkIfServiceHasUsage: enumeration(
    "google.api.serviceusage.v1.DisableServiceRequest.CheckIfServiceHasUsage",
    { CHECK_IF_SERVICE_HAS_USAGE_UNSPECIFIED: 0, SKIP: 1, CHECK: 2 },
  ),
});

const RESPONSE = "type.googleapis.com/google.api.serviceusage.v1";

/** Which APIs a project has enabled. */
export function serviceUsageApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  addReadRoutes(routes, cloud);
  routes.post(
    `/v1/projects/:project/services/${withVerb("service", "enable")}`,
    async (c) => {
      const project = findProject(cloud, c.req.param("project"));
      const service = withoutVerb(c.req.param("service"));
      await readBody(c, message({}));
      const changed = enableServices(cloud, project, [service]);
      return c.json(
        operationFor(cloud, project, changed, {
          "@type": `${RESPONSE}.EnableServiceResponse`,
          service: toService(project, service),
        }),
      );
    },
  );
  routes.post("/v1/projects/:project/services:batchEnable", async (c) => {
    const project = findProject(cloud, c.req.param("project"));
    const { serviceIds = [] } = await readBody(c, BATCH_ENABLE);
    const changed = enableServices(cloud, project, serviceIds);
    return c.json(
      operationFor(cloud, project, changed, {
        "@type": `${RESPONSE}.BatchEnableServicesResponse`,
        services: serviceIds.map((id) => toService(project, id)),
      }),
    );
  });
  routes.post(
    `/v1/projects/:project/services/${withVerb("service", "disable")}`,
    async (c) => {
      const project = findProject(cloud, c.req.param("project"));
      const service = withoutVerb(c.req.param("service"));
      await readBody(c, DISABLE);
      disableService(project, service);
      return c.json(
        operationFor(cloud, project, [service], {
          "@type": `${RESPONSE}.DisableServiceResponse`,
          service: toService(project, service),
        }),
      );
    },
  );
  routes.post(
    `/v1beta1/projects/:project/services/${withVerb("service", "generateServiceIdentity")}`,
    (c) => {
      const project = findProject(cloud, c.req.param("project"));
      const service = withoutVerb(c.req.param("service"));
      return c.json(generateIdentity(cloud, project, service));
    },
  );
  return {
    service: "serviceusage.googleapis.com",
    title: "Service Usage API",
    hosts: /^serviceusage\.googleapis\.com$/,
    alwaysEnabled: true,
    access: ACCESS,
    routes,
  };
}

/** Makes the API's agent, without a role: those that Google gives, it gives to agents that it makes by itself. */
function generateIdentity(
  cloud: Cloud,
  project: Project,
  service: string,
): Operation {
  requireServices([service]);
  const email = agentEmail(project, service);
  const isNew = email !== undefined && !project.serviceAgents.has(service);
  if (isNew) project.serviceAgents.add(service);
  return operationFor(cloud, project, isNew ? [service] : [], {
    "@type":
      "type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity",
    ...(email !== undefined && { email, uniqueId: uniqueIdOf(email) }),
  });
}

/** 21 digits, the same each time. */
function uniqueIdOf(email: string): string {
  const hash = createHash("sha256").update(email).digest();
  return `1${hash.readBigUInt64BE().toString().padStart(20, "0")}`;
}

function addReadRoutes(routes: Hono<ApiEnv>, cloud: Cloud): void {
  routes.get("/v1/projects/:project/services", (c) => {
    requireKnownParameters(c, ["filter", "pageSize", "pageToken"]);
    const project = findProject(cloud, c.req.param("project"));
    const all = SERVICES.map((service) => toService(project, service));
    const found = all.filter(parseFilter(c.req.query("filter")));
    const { items, nextPageToken } = readPage(c, found, 200, 50);
    return c.json({
      ...(items.length > 0 && { services: items }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.get("/v1/projects/:project/services:batchGet", (c) => {
    requireKnownParameters(c, ["names"]);
    const project = findProject(cloud, c.req.param("project"));
    const ids = (c.req.queries("names") ?? []).map((name) =>
      name.slice(name.lastIndexOf("/") + 1),
    );
    requireServices(ids);
    return c.json({ services: ids.map((id) => toService(project, id)) });
  });
  routes.get("/v1/projects/:project/services/:service{[^/:]+}", (c) => {
    const project = findProject(cloud, c.req.param("project"));
    requireServices([c.req.param("service")]);
    return c.json(toService(project, c.req.param("service")));
  });
  routes.get(
    "/v1beta1/projects/:project/services/:service{[^/:]+}/consumerQuotaMetrics",
    (c) => {
      requireKnownParameters(c, ["pageSize", "pageToken", "view"]);
      const project = findProject(cloud, c.req.param("project"));
      const service = c.req.param("service");
      requireServices([service]);
      const all = listQuotaMetrics(project, service);
      const { items, nextPageToken } = readPage(c, all, 200, 50);
      return c.json({
        ...(items.length > 0 && { metrics: items }),
        ...(nextPageToken !== undefined && { nextPageToken }),
      });
    },
  );
  routes.get("/v1/operations/:id{(?:ac[fat]|noop)\\..+}", (c) => {
    const name = `operations/${c.req.param("id")}`;
    const operation = cloud.operations.get(name);
    if (operation !== undefined) return c.json(operation);
    throw new GoogleError("NOT_FOUND", `Operation not found: ${name}`);
  });
}
