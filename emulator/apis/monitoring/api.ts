import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud } from "../../core/cloud.ts";
import { ACCESS } from "./access.ts";
import { addCollection } from "./collection.ts";
import {
  completeChannel,
  completeCheck,
  completePolicy,
  letChannelGo,
} from "./complete.ts";
import { CHANNEL, CHECK, POLICY } from "./requests.ts";
import { monitoringOf } from "./state.ts";

/** Cloud Monitoring v3, as far as what alerts are made of. Nothing is measured here: no policy ever fires, and no check calls anybody. */
export function monitoringApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  addCollection(routes, cloud, {
    id: "notificationChannels",
    type: CHANNEL,
    pageSize: 100,
    of: (project) => monitoringOf(project).channels,
    complete: completeChannel,
    letGo: letChannelGo,
  });
  addCollection(routes, cloud, {
    id: "alertPolicies",
    type: POLICY,
    pageSize: 100,
    of: (project) => monitoringOf(project).policies,
    complete: completePolicy,
  });
  addCollection(routes, cloud, {
    id: "uptimeCheckConfigs",
    type: CHECK,
    pageSize: 100,
    of: (project) => monitoringOf(project).checks,
    newId: ({ displayName = "" }) =>
      `${displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${randomBytes(6).toString("base64url")}`,
    complete: completeCheck,
  });
  return {
    service: "monitoring.googleapis.com",
    title: "Cloud Monitoring API",
    hosts: /^monitoring\.googleapis\.com$/,
    access: ACCESS,
    routes,
  };
}
