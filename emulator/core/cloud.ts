import { randomBytes } from "node:crypto";
import { GoogleError } from "./google-error.ts";
import type { LogRecord } from "./log-record.ts";
import { type Policy, newPolicy } from "./policy.ts";
import { Propagation } from "./propagation.ts";
import { States } from "./states.ts";

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
  /** 21 digits, never used again. */
  uniqueId: string;
  displayName: string;
  description: string;
  disabled: boolean;
  policy: Policy;
}

export interface SecretVersion {
  number: number;
  createTime: string;
  state: "ENABLED" | "DISABLED" | "DESTROYED";
  destroyTime?: string;
  /** Of a version that was destroyed with a delay: what Google shows, and when it happens here, in milliseconds. */
  scheduledDestruction?: { shown: string; due: number };
  etag: string;
  /** Whether the client sent a checksum of the payload. */
  checksummed: boolean;
  /** Undefined once destroyed. */
  payload: Buffer | undefined;
}

export interface StoredSecret {
  /** Short name, without the project. */
  id: string;
  createTime: string;
  /** Where the payloads lie, e.g. `us-central1`; undefined where Google chooses. */
  locations: string[] | undefined;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Alias → version number. */
  versionAliases: Record<string, number>;
  /** How long a version is kept after it was destroyed, e.g. `86400s`; undefined for not at all. */
  versionDestroyTtl: string | undefined;
  etag: string;
  policy: Policy;
  /** Ascending by number, destroyed ones included. */
  versions: SecretVersion[];
}

export interface Project {
  projectId: string;
  /** Twelve digits. */
  projectNumber: string;
  /** What people call it. */
  name: string;
  labels: Record<string, string>;
  createTime: string;
  billingEnabled: boolean;
  enabledApis: Set<string>;
  policy: Policy;
  /** By email. */
  serviceAccounts: Map<string, ServiceAccount>;
  /** APIs whose service agent was asked for. */
  serviceAgents: Set<string>;
  /** By unique id. */
  deletedServiceAccounts: Map<string, ServiceAccount>;
  /** By short name. */
  secrets: Map<string, StoredSecret>;
  /** Oldest first. */
  logRecords: LogRecord[];
  /** What else the APIs keep in it. */
  states: States;
}

/** A `google.longrunning.Operation` that is done. */
export interface Operation {
  name: string;
  done: true;
  metadata?: object;
  response: object;
}

/** Who calls: `user:someone@example.com`, `serviceAccount:…` or, of a workload identity pool, `principal://…`, as in an IAM policy. */
export type Member =
  `user:${string}` | `serviceAccount:${string}` | `principal://${string}`;

/** Everything the emulated Google holds, in memory. The APIs keep no state elsewhere. */
export class Cloud {
  readonly projects = new Map<string, Project>();
  readonly propagation = new Propagation();
  /** Access token → whom it stands for. */
  readonly accessTokens = new Map<string, Member>();
  /** Refresh token, as a login holds it → whom it stands for. */
  readonly refreshTokens = new Map<string, Member>();
  /** Identity token → whom it stands for. */
  readonly identityTokens = new Map<string, Member>();
  /** Metadata servers by host: gcloud asks for them by way of its proxy. */
  readonly metadataServers = new Map<
    string,
    (request: Request) => Response | Promise<Response>
  >();
  /** Of a new identity token. */
  identityTokenSeconds = 3600;
  /** What the APIs keep beside the projects. */
  readonly states = new States();
  /** Long-running operations that were answered, by API and name. All are done at once. */
  readonly operations = new Map<string, Operation>();

  createProject(projectId: string, owner: Member): Project {
    const project: Project = {
      projectId,
      projectNumber: String(100_000_000_000 + this.projects.size + 1),
      name: projectId,
      labels: {},
      createTime: new Date().toISOString(),
      billingEnabled: true,
      enabledApis: new Set(DEFAULT_APIS),
      policy: newPolicy([{ role: "roles/owner", members: [owner] }]),
      serviceAccounts: new Map(),
      serviceAgents: new Set(),
      deletedServiceAccounts: new Map(),
      secrets: new Map(),
      logRecords: [],
      states: new States(),
    };
    this.projects.set(projectId, project);
    return project;
  }

  /** By id or number. Throws as Resource Manager does: it does not tell "absent" from "not yours". */
  project(idOrNumber: string): Project {
    const project = this.findProject(idOrNumber);
    if (project === undefined) {
      throw new GoogleError(
        "PERMISSION_DENIED",
        "The caller does not have permission",
      );
    }
    return project;
  }

  /** By id or number. */
  findProject(idOrNumber: string): Project | undefined {
    return (
      this.projects.get(idOrNumber) ??
      [...this.projects.values()].find((p) => p.projectNumber === idOrNumber)
    );
  }

  /** A service account of any project, once it is seen everywhere. */
  serviceAccount(email: string): ServiceAccount | undefined {
    for (const project of this.projects.values()) {
      const account = project.serviceAccounts.get(email);
      if (account !== undefined && this.propagation.isOver(account)) {
        return account;
      }
    }
    return undefined;
  }

  enableApi(project: Project, service: string): void {
    project.enabledApis.add(service);
    this.propagation.begin(`${project.projectId}/${service}`);
  }

  /** Whether the API is enabled, and that is seen everywhere. */
  isEnabled(project: Project, service: string): boolean {
    return (
      project.enabledApis.has(service) &&
      this.propagation.isOver(`${project.projectId}/${service}`)
    );
  }

  /** Every IAM policy of everything. */
  policies(): Policy[] {
    const ofProjects = [...this.projects.values()].flatMap((project) => [
      project.policy,
      ...[...project.serviceAccounts.values()].map((a) => a.policy),
      ...[...project.secrets.values()].map((s) => s.policy),
      ...project.states.policies(),
    ]);
    return [...ofProjects, ...this.states.policies()];
  }

  newAccessToken(member: Member): string {
    const token = `ya29.emulator-${randomBytes(24).toString("base64url")}`;
    this.accessTokens.set(token, member);
    return token;
  }
}
