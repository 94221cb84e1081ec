import { Hono } from "hono";
import type { Api, ApiEnv } from "../../core/api.ts";
import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { message, outputOnly, readBody, string } from "../../core/message.ts";
import { ACCOUNT } from "./account.ts";

const PROJECT_BILLING_INFO = message({
  name: outputOnly,
  projectId: outputOnly,
  billingAccountName: string,
  billingEnabled: outputOnly,
});

/** One open billing account, and whether a project is linked to it. */
export function billingApi(cloud: Cloud): Api {
  const routes = new Hono<ApiEnv>();
  routes.get("/v1/billingAccounts", (c) =>
    c.json({ billingAccounts: [ACCOUNT] }),
  );
  routes.get("/v1/projects/:project/billingInfo", (c) =>
    c.json(toBillingInfo(cloud.project(c.req.param("project")))),
  );
  routes.put("/v1/projects/:project/billingInfo", async (c) => {
    const project = cloud.project(c.req.param("project"));
    const { billingAccountName = "" } = await readBody(c, PROJECT_BILLING_INFO);
    if (billingAccountName !== "" && billingAccountName !== ACCOUNT.name) {
      throw new GoogleError(
        "PERMISSION_DENIED",
        "The caller does not have permission",
      );
    }
    project.billingEnabled = billingAccountName !== "";
    return c.json(toBillingInfo(project));
  });
  return {
    service: "cloudbilling.googleapis.com",
    title: "Cloud Billing API",
    hosts: /^cloudbilling\.googleapis\.com$/,
    alwaysEnabled: true,
    routes,
  };
}

function toBillingInfo({ projectId, billingEnabled }: Project): object {
  return {
    name: `projects/${projectId}/billingInfo`,
    projectId,
    ...(billingEnabled && { billingAccountName: ACCOUNT.name, billingEnabled }),
  };
}
