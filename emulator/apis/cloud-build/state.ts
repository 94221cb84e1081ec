import type { Cloud } from "../../core/cloud.ts";
import type { Slot } from "../../core/states.ts";
import type { SentBuild, SentStep } from "./requests.ts";
import type { SentTrigger } from "./trigger-requests.ts";

/** What Cloud Build holds. */
export interface BuildState {
  /** By `projects/P/locations/L/builds/ID`, oldest first. */
  builds: Map<string, StoredBuild>;
  /** By `projects/P/locations/L/triggers/ID`, oldest first. */
  triggers: Map<string, Trigger>;
}

const BUILDS: Slot<BuildState> = {
  make: () => ({ builds: new Map(), triggers: new Map() }),
};

export function buildingOf(cloud: Cloud): BuildState {
  return cloud.states.of(BUILDS);
}

export type BuildStatus =
  | "QUEUED"
  | "WORKING"
  | "SUCCESS"
  | "FAILURE"
  | "INTERNAL_ERROR"
  | "TIMEOUT"
  | "CANCELLED";

export interface TimeSpan {
  startTime: string;
  endTime?: string;
}

/** A step with its substitutions made, and how far it is. */
export interface Step extends Omit<SentStep, "exitCode" | "status" | "timing"> {
  name: string;
  status: BuildStatus;
  exitCode?: number;
  timing?: TimeSpan;
}

export type FailureType =
  | "PUSH_FAILED"
  | "PUSH_IMAGE_NOT_FOUND"
  | "PUSH_NOT_AUTHORIZED"
  | "USER_BUILD_STEP"
  | "FETCH_SOURCE_FAILED";

export interface StoredBuild {
  id: string;
  projectId: string;
  /** A region, or `global`. */
  location: string;
  /** As it was sent, substitutions made. */
  sent: SentBuild;
  steps: Step[];
  /** The built-in ones included. */
  substitutions: Record<string, string>;
  /** Email. */
  account: string;
  triggerId: string | undefined;
  /** A checkout on this machine, in place of `source`. */
  checkout: string | undefined;
  status: BuildStatus;
  statusDetail?: string;
  failureInfo?: { type: FailureType; detail: string };
  warnings: { text: string; priority: "WARNING" }[];
  pushed: { name: string; digest: string }[];
  createTime: string;
  startTime?: string;
  finishTime?: string;
  /** Aborted to end it. */
  stop: AbortController;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

export interface Trigger extends Omit<
  SentTrigger,
  "createTime" | "id" | "resourceName"
> {
  id: string;
  name: string;
  createTime: string;
  /** `projects/P/locations/L/triggers/ID` */
  resourceName: string;
}
