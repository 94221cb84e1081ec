import type { Cloud, Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { createServiceAccount } from "../iam/service-account.ts";
import { needsBilling } from "./catalog.ts";
import { requireServices } from "./service.ts";

/** Google's limit for one request. */
const MAXIMUM = 20;

/** APIs whose enabling makes the Compute Engine default service account. */
const MAKES_DEFAULT_ACCOUNT = ["compute.googleapis.com", "run.googleapis.com"];

/** Enables all or none; returns those that were not enabled before. */
export function enableServices(
  cloud: Cloud,
  project: Project,
  services: readonly string[],
): string[] {
  if (services.length > MAXIMUM) {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `Request contains too many services. The limit is ${MAXIMUM}.`,
    );
  }
  requireServices(services);
  requireBilling(project, services);
  const changed = services.filter((s) => !project.enabledApis.has(s));
  for (const service of changed) {
    cloud.enableApi(project, service);
    if (MAKES_DEFAULT_ACCOUNT.includes(service))
      makeDefaultAccount(cloud, project);
  }
  return changed;
}

export function disableService(project: Project, service: string): void {
  requireServices([service]);
  if (!project.enabledApis.delete(service)) {
    throw new GoogleError(
      "FAILED_PRECONDITION",
      `Service ${service} is not enabled for consumer projects/${project.projectNumber}.`,
    );
  }
}

function requireBilling(project: Project, services: readonly string[]): void {
  const billed = services.filter(needsBilling).join(",");
  if (project.billingEnabled || billed === "") return;
  const { projectNumber } = project;
  throw new GoogleError(
    "FAILED_PRECONDITION",
    `Billing account for project '${projectNumber}' is not found. Billing must be enabled for activation of service(s) '${billed}' to proceed.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
        violations: [
          {
            type: "googleapis.com/billing-enabled",
            subject: `?error_code=390001&project=${projectNumber}&services=${billed}`,
          },
        ],
      },
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "UREQ_PROJECT_BILLING_NOT_FOUND",
        domain: "serviceusage.googleapis.com/billing-enabled",
        metadata: { project: projectNumber, services: billed },
      },
    ],
  );
}

function makeDefaultAccount(cloud: Cloud, project: Project): void {
  const email = `${project.projectNumber}-compute@developer.gserviceaccount.com`;
  if (project.serviceAccounts.has(email)) return;
  const account = createServiceAccount(project, email, {
    displayName: "Compute Engine default service account",
  });
  cloud.propagation.begin(account);
}
