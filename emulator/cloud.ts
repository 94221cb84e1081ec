import { randomBytes } from "node:crypto";
import { GoogleError } from "./google-error.ts";
import { type Policy, newPolicy } from "./policy.ts";

/** APIs that are enabled in a project made by `gcloud projects create` (Google's default set). */
const DEFAULT_APIS = [
  "bigquery.googleapis.com",
  "cloudapis.googleapis.com",
  "cloudtrace.googleapis.com",
  "datastore.googleapis.com",
  "logging.googleapis.com",
  "monitoring.googleapis.com",
  "servicemanagement.googleapis.com",
  "serviceusage.googleapis.com",
  "sql-component.googleapis.com",
  "storage-api.googleapis.com",
  "storage-component.googleapis.com",
  "storage.googleapis.com",
];

export interface ServiceAccount {
  email: string;
  uniqueId: string;
  displayName: string;
  description: string;
  disabled: boolean;
  etag: string;
  policy: Policy;
}

export interface SecretVersion {
  number: number;
  createTime: string;
  state: "ENABLED" | "DISABLED" | "DESTROYED";
  destroyTime?: string;
  etag: string;
  /** Undefined once destroyed. */
  payload: Buffer | undefined;
}

export interface StoredSecret {
  /** Short name, without the project. */
  id: string;
  createTime: string;
  replication: object;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Alias → version number. */
  versionAliases: Record<string, number>;
  etag: string;
  policy: Policy;
  /** Ascending by number, destroyed ones included. */
  versions: SecretVersion[];
}

export interface Project {
  projectId: string;
  /** Twelve digits. */
  projectNumber: string;
  createTime: string;
  billingEnabled: boolean;
  enabledApis: Set<string>;
  policy: Policy;
  /** By email. */
  serviceAccounts: Map<string, ServiceAccount>;
  /** By short name. */
  secrets: Map<string, StoredSecret>;
}

/** Who calls: `user:someone@example.com` or `serviceAccount:…`, as in an IAM policy. */
export type Member = `user:${string}` | `serviceAccount:${string}`;

/** Everything the emulated Google holds, in memory. The APIs keep no state elsewhere. */
export class Cloud {
  readonly projects = new Map<string, Project>();
  /** Access token → whom it stands for. */
  readonly accessTokens = new Map<string, Member>();
  /** Identity token → whom it stands for. */
  readonly identityTokens = new Map<string, Member>();

  createProject(projectId: string, owner: Member): Project {
    const project: Project = {
      projectId,
      projectNumber: String(100_000_000_000 + this.projects.size + 1),
      createTime: new Date().toISOString(),
      billingEnabled: true,
      enabledApis: new Set(DEFAULT_APIS),
      policy: newPolicy([{ role: "roles/owner", members: [owner] }]),
      serviceAccounts: new Map(),
      secrets: new Map(),
    };
    this.projects.set(projectId, project);
    return project;
  }

  /** By id or number. Throws as Resource Manager does: it does not tell "absent" from "not yours". */
  project(idOrNumber: string): Project {
    const project =
      this.projects.get(idOrNumber) ??
      [...this.projects.values()].find((p) => p.projectNumber === idOrNumber);
    if (project === undefined) {
      throw new GoogleError(
        "PERMISSION_DENIED",
        `The caller does not have permission`,
      );
    }
    return project;
  }

  /** A service account of any project. */
  serviceAccount(email: string): ServiceAccount | undefined {
    for (const project of this.projects.values()) {
      const account = project.serviceAccounts.get(email);
      if (account !== undefined) return account;
    }
    return undefined;
  }

  newAccessToken(member: Member): string {
    const token = `ya29.emulator-${randomBytes(24).toString("base64url")}`;
    this.accessTokens.set(token, member);
    return token;
  }
}
