import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import { addBuildRoutes } from "./build-routes.ts";
import { addPushRoute } from "./push-route.ts";
import { Stopped } from "./endings.ts";
import { addTriggerRoutes } from "./trigger-routes.ts";
import type { Workshop } from "./workshop.ts";
import { buildingOf } from "./state.ts";

/** Cloud Build v1: builds whose steps really run, triggers, and the emulator's own way to push. */
export function cloudBuildApis(workshop: Workshop): Api[] {
  const routes = new Hono<ApiEnv>();
  addBuildRoutes(routes, workshop);
  addTriggerRoutes(routes, workshop.cloud);
  const pushes = new Hono<ApiEnv>();
  addPushRoute(pushes, workshop);
  return [
    {
      service: "cloudbuild.googleapis.com",
      title: "Cloud Build API",
      hosts: /^([a-z0-9-]+-)?cloudbuild\.googleapis\.com$/,
      needsBilling: true,
      routes,
      close: () => stopBuilds(workshop),
    },
    {
      service: "emulator",
      title: "The emulator's own API",
      hosts: /^$/,
      alwaysEnabled: true,
      routes: pushes,
    },
  ];
}

async function stopBuilds(workshop: Workshop): Promise<void> {
  const builds = [...buildingOf(workshop.cloud).builds.values()];
  for (const build of builds) build.stop.abort(new Stopped("CANCELLED"));
  await Promise.all(builds.map(({ ended }) => ended));
  await workshop.close();
}
