import { federatedOf, releaserOf } from "../../pipeline/github/plan-github.ts";
import { planSetupRemoval } from "../../pipeline/plan-setup-removal.ts";
import type { PipelineSession } from "../../pipeline/session.ts";
import { type SetupState, toWatched } from "../../pipeline/setup-state.ts";
import { readAlertsRemoval } from "../../service/alerts/env-alerts.ts";
import { planFederationRemoval } from "../../service/github/plan-federation.ts";
import { readFederation } from "../../service/github/read-federation.ts";
import type { SetupPlan } from "./read-making-plan.ts";

/** Takes away GitHub's part; with `all`, the alerts of the envs and the pipeline as well. */
export async function readRemovalPlan(
  session: PipelineSession,
  state: SetupState,
  { all }: { all: boolean },
): Promise<SetupPlan> {
  const { place, read } = session;
  const releaser = releaserOf(place);
  const federated = federatedOf(state.pipeline);
  const federation = planFederationRemoval(
    releaser,
    await readFederation(read, releaser, federated),
  );
  if (!all) return { ...federation, notes: [] };
  const alerts = await readAlertsRemoval(toWatched(session, state));
  const rest = planSetupRemoval(place, state);
  return {
    plan: [...alerts.plan, ...federation.plan, ...rest.plan],
    kept: [...alerts.kept, ...federation.kept, ...rest.kept],
    notes: [],
  };
}
