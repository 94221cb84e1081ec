import type { Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";
import { titleOf } from "./catalog.ts";

/** A service of a project as Service Usage shows it. */
export function toService(project: Project, service: string): object {
  const { projectNumber, enabledApis } = project;
  return {
    name: `projects/${projectNumber}/services/${service}`,
    config: {
      name: service,
      title: titleOf(service) ?? service,
      documentation: {},
      quota: {},
      authentication: {},
      usage: { requirements: ["serviceusage.googleapis.com/tos/cloud"] },
    },
    state: enabledApis.has(service) ? "ENABLED" : "DISABLED",
    parent: `projects/${projectNumber}`,
  };
}

/** Throws PERMISSION_DENIED on names that Google does not know: it does not tell "absent" from "not yours". */
export function requireServices(services: readonly string[]): void {
  const unknown = services.filter((service) => titleOf(service) === undefined);
  if (unknown.length === 0) return;
  const names = unknown.join(",");
  throw new GoogleError(
    "PERMISSION_DENIED",
    `Not found or permission denied for service(s): ${names}.`,
    [
      {
        "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
        violations: [
          {
            type: "googleapis.com",
            subject: `?error_code=220002&services=${names}`,
          },
        ],
      },
      {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        reason: "SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED",
        domain: "serviceusage.googleapis.com",
        metadata: { services: names },
      },
    ],
  );
}
