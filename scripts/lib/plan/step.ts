import { type Command, formatCommand } from "../google/gcloud.ts";
import type { SecretPayloads } from "../google/secret-payloads.ts";
import type { PipelineState } from "../pipeline/pipeline-state.ts";
import type { Service } from "../manifest/knative.ts";

/** One change to the cloud. What is previewed and what runs come from the same data. */
export interface Step {
  title: string;
  /** What to paste into bash for the same effect. */
  preview: string;
  /** What is shown of it while it runs; the preview's first line otherwise. */
  shown?: string;
  run: (tools: Tools) => Promise<void>;
  /** The generation of the service that it was planned on (0: none). It does not run on another one. */
  onGeneration?: number;
  /** Puts right what a failure of this step leaves behind. */
  onFailure?: Command;
}

/** Steps of which each needs the one before it. */
export type Lane = Step | readonly Step[];

/** Lanes of one group do not depend on each other and run side by side; groups run in order. */
export type Plan = readonly (readonly Lane[])[];

/** All steps, in the order in which they could run one by one. */
export function stepsOf(plan: Plan): Step[] {
  return plan.flat(2);
}

/** The effects that steps are allowed. */
export interface Tools {
  gcloud: (command: Command) => Promise<string>;
  payloads: SecretPayloads;
  /** Those of another project than `payloads`. */
  payloadsOf?: (projectId: string) => SecretPayloads;
  /** The service as it is now; steps with `onGeneration` look at it first. */
  readService?: () => Promise<Service | undefined>;
  /** What Cloud Deploy holds now; the step that applies the pipeline reads it back. */
  readPipeline?: () => Promise<PipelineState>;
  /** The digest of an image that a step has just brought into the registry. */
  readImage?: () => Promise<string>;
  /** Follows a rollout (its full name) to its end. Throws when it failed. */
  follow?: (rollout: string) => Promise<void>;
  /** Verifies a revision at the URL of `tag`, or the service at its own URL. Throws when a check fails. */
  verify: (revision: string, tag: string | undefined) => Promise<void>;
}

export function gcloudStep(
  title: string,
  command: Command,
  check: (stdout: string) => void = () => undefined,
): Step {
  return {
    title,
    preview: formatCommand(command),
    run: async (tools) => {
      check(await tools.gcloud(command));
    },
  };
}

/** The plan without empty lanes and groups. */
export function compact(plan: Plan): Plan {
  return plan
    .map((group) => group.filter((lane) => [lane].flat().length > 0))
    .filter((group) => group.length > 0);
}

/** The lanes with each step only once, where it stands first: regions of one service share an account and secrets. */
export function withoutRepeats(lanes: readonly (readonly Step[])[]): Step[][] {
  const seen = new Set<string>();
  return lanes.map((lane) =>
    lane.filter(({ preview }) => {
      const isNew = !seen.has(preview);
      seen.add(preview);
      return isNew;
    }),
  );
}
