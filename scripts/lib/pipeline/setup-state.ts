import type { PipelinePlace } from "./place.ts";
import { isOurTrigger, TRIGGERS } from "./triggers.ts";
import { UserError } from "../cli/errors.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineState } from "./pipeline-state.ts";
import { LABEL, isOurAccount } from "../service/ownership.ts";
import type { Binding, Holder } from "../google/policy.ts";
import { type State, listSecrets } from "../service/state/state.ts";
import type { PipelineSession } from "./session.ts";
import type { WatchedEnv } from "../service/alerts/env-alerts.ts";
import { refuseForeign } from "../service/prepare/foreign.ts";

/** What setup looks at: the pipeline, and the project of each stage. */
export interface SetupState {
  pipeline: PipelineState;
  /** In the order of the stages. */
  envs: EnvState[];
}

export interface EnvState {
  settings: Settings;
  project: State;
  /** Who may act as the env's service account. */
  accountBindings: Binding[];
}

/** The envs whose alerts a set-up sees to. */
export function toWatched(
  { readAs }: Pick<PipelineSession, "readAs">,
  { envs }: SetupState,
): WatchedEnv[] {
  return envs.map(({ settings, project }) => ({
    settings,
    read: readAs(settings.projectId),
    service: project.service,
  }));
}

/** The policy of a thing; empty where there is no such thing. */
export function bindingsOf(state: SetupState, on: Holder): Binding[] {
  const { pipeline, envs } = state;
  switch (on.kind) {
    case "repository":
      return pipeline.repository?.bindings ?? [];
    case "bucket":
      return pipeline.bucket?.bindings ?? [];
    case "project":
      return on.projectId === pipeline.project.projectId
        ? pipeline.projectBindings
        : (envs.find((e) => e.settings.projectId === on.projectId)?.project
            .projectBindings ?? []);
    case "account":
      return (
        Object.values(pipeline.accounts).find((a) => a?.email === on.email)
          ?.bindings ??
        envs.find((e) => e.settings.serviceAccount === on.email)
          ?.accountBindings ??
        []
      );
    case "service":
      return (
        envs.find((e) => e.settings.service === on.name)?.project
          .serviceBindings ?? []
      );
    case "secret":
      return (
        envs
          .filter((e) => e.settings.projectId === on.projectId)
          .flatMap((e) => listSecrets(e.project))
          .find((secret) => secret.name === on.name)?.bindings ?? []
      );
  }
}

/** Stops before any change where something of the right name is not ours. */
export function refuseForeignSetup(
  place: PipelinePlace,
  { pipeline, envs }: SetupState,
): void {
  for (const { settings, project } of envs) {
    refuseForeign({ settings, adopt: false }, project);
  }
  const { accounts, repository, bucket, triggers, project } = pipeline;
  const foreign = [
    ...Object.values(accounts)
      .filter((account) => account !== undefined && !isOurAccount(account))
      .map((account) => `service account ${account?.email ?? ""}`),
    ...(repository !== undefined && repository.labels[LABEL] === undefined
      ? [`Artifact Registry repository ${place.repository}`]
      : []),
    ...(bucket !== undefined && bucket.projectNumber !== project.projectNumber
      ? [`bucket ${place.bucket}, in another project`]
      : []),
    ...triggers
      .filter((t) => TRIGGERS.some((spec) => spec.name === t.name))
      .filter((t) => !isOurTrigger(t))
      .map((t) => `trigger ${t.name}`),
  ];
  if (foreign.length === 0) return;
  throw new UserError(
    [
      `${place.projectId} already has, without this project's mark:`,
      ...foreign.map((what) => `  ${what}`),
      "Nothing was changed.",
    ].join("\n"),
    { hint: "Remove or rename it, or use another project for the pipeline." },
  );
}
