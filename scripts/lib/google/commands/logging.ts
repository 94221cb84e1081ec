import type { Command } from "../gcloud.ts";
import {
  type InProject,
  type InRegion,
  type ServiceId,
  inProject,
} from "../places.ts";

/** Who wrote the service in the last hour; for the operator to run. */
export function readServiceAudit(place: ServiceId): Command {
  const resource = `namespaces/${place.projectId}/services/${place.service}`;
  return readAuditLog(place, `protoPayload.resourceName="${resource}"`);
}

/** Who wrote a secret in the last hour, which is named by the project's number; for the operator to run. */
export function readSecretAudit(place: InProject, secret: string): Command {
  return readAuditLog(place, `protoPayload.resourceName:"/secrets/${secret}"`);
}

function readAuditLog(place: InProject, filter: string): Command {
  return {
    args: [
      "logging",
      "read",
      filter,
      "--freshness=1h",
      inProject(place),
      "--format=table(timestamp,protoPayload.authenticationInfo.principalEmail,protoPayload.methodName)",
    ],
  };
}

/** What a service wrote; for the operator to run. `gcloud run services logs read` (528) crashes on lines that are JSON, as LiteLLM's are. */
export function readServiceLog(place: ServiceId): Command {
  const { service, region } = place;
  return {
    args: [
      "logging",
      "read",
      `resource.type=cloud_run_revision AND resource.labels.service_name=${service} AND resource.labels.location=${region}`,
      inProject(place),
      "--limit=50",
      "--format=value(textPayload,jsonPayload.message)",
    ],
  };
}

/** What a revision wrote, and Cloud Run of it, the last first. Where a Python file of the config fails, its error stands some 360 lines before the end (LiteLLM 1.108.14): the frames of FastAPI follow. */
export function readRevisionLog(place: InRegion, revision: string): Command {
  return {
    args: [
      "logging",
      "read",
      `resource.type=cloud_run_revision AND resource.labels.revision_name=${revision} AND resource.labels.location=${place.region}`,
      inProject(place),
      "--limit=500",
      "--format=json",
    ],
  };
}

/** What a build wrote; for the operator to run. `build`: `projects/P/locations/L/builds/ID`. */
export function readBuildLog(place: InProject, build: string): Command {
  const id = build.split("/").at(-1) ?? build;
  return {
    args: [
      "logging",
      "read",
      `resource.type="build" AND resource.labels.build_id="${id}"`,
      inProject(place),
      "--order=asc",
      "--format=value(textPayload)",
    ],
  };
}
