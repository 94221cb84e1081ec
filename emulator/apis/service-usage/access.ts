import type { Access } from "../../core/access.ts";

/** github.com/iann0036/iam-dataset, gcp/map.json of 22 August 2026; the words are those of github.com/su-kaka/gcli2api/issues/283. */
export const ACCESS: Access = {
  permissions: {
    "GET services": "serviceusage.services.list",
    "GET services:batchGet": "serviceusage.services.get",
    "GET services/*": "serviceusage.services.get",
    "POST services/*:enable": "serviceusage.services.enable",
    "POST services:batchEnable": "serviceusage.services.enable",
    "POST services/*:disable": "serviceusage.services.disable",
    // IAM docs, "Create and grant roles to service agents": no permission is needed.
    "POST services/*:generateServiceIdentity": null,
    "GET services/*/consumerQuotaMetrics": "serviceusage.quotas.get",
    // An operation is named without its project.
    "GET operations/*": null,
  },
  denied(permission, { resource }) {
    const [, id = "", , service] = resource.split("/");
    const verb = permission.slice(permission.lastIndexOf(".") + 1);
    return service === undefined || verb === "list"
      ? `Permission denied to ${verb} services for consumer container [projects/${id}]`
      : `Permission denied to ${verb} service [${service}]`;
  },
  details: (permission, { resource }) => [
    {
      "@type": "type.googleapis.com/google.rpc.PreconditionFailure",
      violations: [
        {
          type: "googleapis.com",
          subject: `?error_code=110002&service=cloudresourcemanager.googleapis.com&permission=${permission}&resource=${resource}`,
        },
      ],
    },
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "AUTH_PERMISSION_DENIED",
      domain: "serviceusage.googleapis.com",
      metadata: { permission, resource },
    },
  ],
};
