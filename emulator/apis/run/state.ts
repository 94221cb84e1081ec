import type { Project } from "../../core/cloud.ts";
import type { Policy } from "../../core/policy.ts";
import type { Slot } from "../../core/states.ts";
import type {
  FrontEnd,
  InstancePool,
  ResolvedImage,
} from "../../machine/runtime/instance.ts";
import type {
  Condition,
  RevisionTemplate,
  ServingTarget,
  TrafficTarget,
} from "./model.ts";

/** What Cloud Run holds of one project. */
export interface RunState {
  /** By `REGION/NAME`. */
  services: Map<string, RunService>;
  /** By id. */
  operations: Map<string, RunOperation>;
  /** By region, where it is not that of a new project. */
  quotas: Map<string, Quota>;
}

/** What all instances of a project together may have in one region. */
export interface Quota {
  /** vCPUs. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

const RUN: Slot<RunState> = {
  make: () => ({
    services: new Map(),
    operations: new Map(),
    quotas: new Map(),
  }),
  policies: ({ services }) => [...services.values()].map((s) => s.policy),
};

export function runOf(project: Project): RunState {
  return project.states.of(RUN);
}

/** A Cloud Run service of one region. */
export interface RunService {
  readonly projectId: string;
  readonly region: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  /** Email of whoever made it. */
  readonly creator: string;
  lastModifier: string;
  /** Microseconds; behind `metadata.resourceVersion`. */
  version: number;
  generation: number;
  operationId: string;
  /** As the client set them, without those that Google writes. */
  labels: Record<string, string>;
  annotations: Record<string, string>;
  template: RevisionTemplate;
  traffic: TrafficTarget[];
  policy: Policy;
  /** By name, oldest first. */
  readonly revisions: Map<string, RunRevision>;
  latestCreated: string;
  latestReady: string | undefined;
  /** What traffic really does. */
  serving: ServingTarget[];
  conditions: Condition[];
  /** Listens at the service's URL once traffic has been routed. */
  frontEnd: FrontEnd | undefined;
  /** By tag. */
  readonly tagFrontEnds: Map<string, FrontEnd>;
  deleted: boolean;
  /** The settling under way; one begins after the other. */
  settling: Promise<void>;
}

/**
 * `deploying`: its start is under way. `ready`: it may take traffic. `retired`:
 * it was ready, and is stopped because it has neither traffic nor a tag.
 */
type RevisionPhase = "deploying" | "ready" | "retired" | "failed";

/** Why something is not ready. */
export interface Failure {
  reason: string;
  message: string;
}

export interface RunRevision {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly creator: string;
  readonly operationId: string;
  /** Generation of the service that it was made from. */
  readonly configurationGeneration: number;
  readonly template: RevisionTemplate;
  version: number;
  phase: RevisionPhase;
  /** Whether it has ever been ready. */
  wasReady: boolean;
  /** Set while the phase is `failed`. */
  failure: Failure | undefined;
  image: ResolvedImage | undefined;
  conditions: Condition[];
  /** Its containers; undefined where none was asked for since it was made or retired. */
  pool: InstancePool | undefined;
}

export type OperationResult =
  { response: object } | { error: { code: number; message: string } };

/** A long-running operation; done as soon as its service has settled. */
export interface RunOperation {
  readonly id: string;
  readonly region: string;
  readonly service: string;
  /** Set when it is done: the service as it had settled, or why it is not ready. */
  result: OperationResult | undefined;
  /** Resolves when it is done. */
  readonly finished: Promise<void>;
  readonly finish: (result: OperationResult) => void;
}
