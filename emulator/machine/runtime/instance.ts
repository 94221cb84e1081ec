import type { Member } from "../../core/cloud.ts";
import type { HttpRequest } from "../../core/log-record.ts";

/** A Knative v1 probe; Cloud Run v1 has filled in its defaults (seconds). */
export interface Probe {
  initialDelaySeconds: number;
  timeoutSeconds: number;
  periodSeconds: number;
  failureThreshold: number;
  httpGet?: {
    path: string;
    port?: number;
    httpHeaders?: { name: string; value: string }[];
  };
  tcpSocket?: { port?: number };
}

/** A file of a secret volume. */
export interface MountedFile {
  /** Absolute, in the container. */
  path: string;
  read(): Buffer;
}

export interface LogEntry {
  stream: "stdout" | "stderr" | "system";
  text: string;
  severity?: "INFO" | "WARNING" | "ERROR";
}

/** A request that a revision answered, or did not, and what the client got. */
export interface RequestEntry {
  httpRequest: HttpRequest;
  severity: "INFO" | "WARNING" | "ERROR";
}

/** All that a container of a revision is started from. */
export interface InstanceSpec {
  revision: string;
  service: string;
  projectId: string;
  region: string;
  image: string;
  command: string[];
  args: string[];
  /** Resolved, secrets included; PORT, K_SERVICE, K_REVISION, K_CONFIGURATION too. */
  env: Record<string, string>;
  files: MountedFile[];
  containerPort: number;
  /** For the system log; the image's name where it is not given. */
  containerName?: string;
  cpu: number;
  memoryBytes: number;
  /** Requests at a time; 0 is no limit. */
  containerConcurrency: number;
  /** How long one request may take. */
  timeoutSeconds: number;
  startupProbe: Probe | undefined;
  livenessProbe: Probe | undefined;
  /** Email. */
  serviceAccount: string;
  log(entry: LogEntry): void;
  logRequest(entry: RequestEntry): void;
}

/** Why a container is gone. `message` is what Cloud Run writes to its log. */
export interface ExitReason {
  cause: "exit" | "signal" | "memory" | "liveness" | "stopped";
  message: string;
  /** As a shell tells it; undefined where it never ran. */
  exitCode?: number;
}

/** A running container. */
export interface Instance {
  /** Where the container listens, for the front end only. */
  readonly url: string;
  readonly spec: InstanceSpec;
  readonly exited: Promise<ExitReason>;
  /** Undefined while it runs. */
  readonly exitReason: ExitReason | undefined;
  readonly slots: Slots;
  /** Its process group, for who measures it. */
  readonly group: number;
  /**
   * Lets the requests in flight finish (`drain: false`: does not), sends
   * SIGTERM and 10 s later SIGKILL. Resolves when the process is gone.
   */
  stop(options?: { drain?: boolean }): Promise<void>;
}

/** The requests that one container takes at a time. */
export interface Slots {
  readonly inFlight: number;
  /** A function that gives the slot back; undefined where there is none. */
  take(): (() => void) | undefined;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
}

/** How many instances a revision has. */
export interface Scale {
  min: number;
  max: number;
  /** Requests that one takes at a time; 0 is no limit. */
  concurrency: number;
}

/** Room for one request. */
export interface Taken {
  instance: Instance;
  /** Gives it back. */
  release: () => void;
}

/** The instances of a revision. */
export interface InstancePool {
  /** Those that run or start. */
  readonly size: number;
  /** Resolves when the minimum is up, and one at least. Rejects when one does not come up. */
  ensure(): Promise<void>;
  /**
   * Resolves when there is room; undefined when `signal` aborts or the pool stops
   * first. Rejects when no instance comes up.
   */
  take: (signal: AbortSignal) => Promise<Taken | undefined>;
  /** Lets their requests finish, and ends them all. */
  stop(): Promise<void>;
}

/** A container did not come up. The message is what Cloud Run says of the revision, without "Revision '…' is not ready and cannot serve traffic." */
export class InstanceError extends Error {
  /** The reason of the revision's condition. */
  readonly reason:
    | "HealthCheckContainerError"
    | "ContainerMissing"
    | "ContainerPermissionDenied"
    | "";

  constructor(reason: InstanceError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Where a service's or a tag's URL leads at this moment. */
export interface Route {
  /** Percentages add up to 100; a tag's URL has one with 100. Empty: no revision is ready. */
  backends: Backend[];
  /** Undefined: the invoker check is off or allUsers may invoke. */
  mayInvoke: ((caller: Member) => boolean) | undefined;
  /** What an identity token's `aud` may be: the service's URLs and custom audiences. */
  audiences: string[];
}

export interface Backend {
  percent: number;
  /** Room on an instance of the revision, started first where there is none (a cold start). */
  take: InstancePool["take"];
  log(entry: LogEntry): void;
}

/** A listener on loopback for one URL of a service. */
export interface FrontEnd {
  readonly url: string;
  /** Requests in flight finish first. */
  close(): Promise<void>;
  /** Tears every connection off. */
  abort(): void;
}

/** An image that can be run here. */
export interface ResolvedImage {
  /** `sha256:…`, the same for the same tag. */
  digest: string;
  /** E.g. `docker.io/litellm/litellm@sha256:…`. */
  withDigest: string;
}

/** What runs the containers of Cloud Run; made by `startRuntime`. */
export interface Runtime {
  /**
   * Throws GoogleError INVALID_ARGUMENT for a registry that Cloud Run does not
   * pull from, and InstanceError for an image that is not there or that the project's service agent may not read.
   */
  resolveImage(reference: string, projectId: string): ResolvedImage;
  /** Resolves when the startup probe has passed; rejects with InstanceError. */
  startInstance(spec: InstanceSpec): Promise<Instance>;
  /** Instances of one revision: none until it is asked for one. Both are asked whenever it matters. */
  openPool(spec: () => InstanceSpec, scale: () => Scale): InstancePool;
  /** `route` is asked at every request. */
  listen(route: () => Route): Promise<FrontEnd>;
  /** Ends every process and listener, requests in flight or not. */
  close(): Promise<void>;
}
