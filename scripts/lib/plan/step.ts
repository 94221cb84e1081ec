import {
  type Command,
  type HeldGcloud,
  formatCommand,
  isNotFound,
} from "../google/gcloud.ts";

/** The effects that every step is allowed. */
export interface GcloudEffects {
  gcloud: (command: Command) => Promise<string>;
}

/** What runs a plan, besides what its steps need. */
export interface Holding {
  /** Starts a gcloud that does nothing before it is let go. */
  hold: (command: Command) => HeldGcloud;
}

/**
 * One change to the cloud. What is previewed and what runs come from the same
 * data. `Effects`: what it needs to run.
 */
export interface Step<Effects = GcloudEffects> {
  title: string;
  /** What to paste into bash for the same effect. */
  preview: string;
  /** What is shown of it while it runs; the preview's first line otherwise. */
  shown?: string;
  run: (effects: Effects) => Promise<void>;
  /** What `run` has gcloud do, where that is known before: it may start ahead of its turn. */
  command?: Command;
  /** Seconds that it may take, where that is known. */
  upTo?: number | undefined;
  /** Looks, before it runs, whether what it was planned on is still so. Throws where it is not. */
  guard?: (effects: Effects) => Promise<void>;
  /** Put right what a failure of this step leaves behind. */
  onFailure?: readonly Command[];
  /** What of that is left behind where the guard refused, and the step did nothing; all of it otherwise. */
  onRefusal?: readonly Command[];
  /** Google shows what it makes everywhere only after a while (IAM docs, "Access change propagation"). */
  spreads?: true;
}

/** Steps of which each needs the one before it. */
export type Lane<Effects = GcloudEffects> =
  Step<Effects> | readonly Step<Effects>[];

/** Lanes of one group do not depend on each other and run side by side; groups run in order. */
export type Plan<Effects = GcloudEffects> =
  readonly (readonly Lane<Effects>[])[];

/** All steps, in the order in which they could run one by one. */
export function stepsOf<Effects>(plan: Plan<Effects>): Step<Effects>[] {
  return plan.flat(2);
}

/** What a plan does, for people. */
export function titlesOf<Effects>(plan: Plan<Effects>): string[] {
  return stepsOf(plan).map((step) => step.title);
}

export function gcloudStep(
  title: string,
  command: Command,
  check: (stdout: string) => void = () => undefined,
): Step {
  return {
    title,
    preview: formatCommand(command),
    command,
    run: async ({ gcloud }) => {
      check(await gcloud(command));
    },
  };
}

/**
 * A step that takes something away: what is gone already is done. gcloud sends a
 * deletion again when its answer was lost, and calls the second one failed.
 */
export function removalStep(title: string, command: Command): Step {
  return {
    ...gcloudStep(title, command),
    run: async ({ gcloud }) => {
      try {
        await gcloud(command);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}

/** A step whose effect Google shows everywhere only after a while. */
export function spreadingStep(title: string, command: Command): Step {
  return { ...gcloudStep(title, command), spreads: true };
}

/** The plan without empty lanes and groups. */
export function compact<Effects>(plan: Plan<Effects>): Plan<Effects> {
  return plan
    .map((group) => group.filter((lane) => [lane].flat().length > 0))
    .filter((group) => group.length > 0);
}

/** The lanes with each step only once, where it stands first: regions of one service share an account and secrets. */
export function withoutRepeats<Effects>(
  lanes: readonly (readonly Step<Effects>[])[],
): Step<Effects>[][] {
  const seen = new Set<string>();
  return lanes.map((lane) =>
    lane.filter(({ preview }) => {
      const isNew = !seen.has(preview);
      seen.add(preview);
      return isNew;
    }),
  );
}
