import { isDeepStrictEqual } from "node:util";
import { InputError, UserError } from "../../cli/errors.ts";
import { withAskedImage } from "../../manifest/compare.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Revision } from "../../manifest/knative.ts";
import { isOurRevision } from "../ownership.ts";
import type { State } from "../state/state.ts";
import { listPredecessors } from "../predecessor.ts";
import { findObstacle, listKeyChanges, withKeys } from "../revision-pins.ts";
import { cameUp } from "../serving.ts";

/**
 * What can be gone back to from the revision that serves: what served before
 * it, latest first, but for what would come back as what serves already (after
 * a new key, the revision before it).
 */
export function listTargets(
  settings: Settings,
  state: State,
  from: string,
): Revision[] {
  const serving = state.revisions.find((r) => r.metadata.name === from);
  return listPredecessors(state.revisions, from).filter(
    (r) => serving === undefined || !isSame(settings, state, r, serving),
  );
}

/** The one that is named, else the first target. Throws UserError where it cannot come back. */
export function chooseTarget(
  settings: Settings,
  state: State,
  from: string,
  to: string | undefined,
): Revision {
  const target =
    to === undefined
      ? listTargets(settings, state, from)[0]
      : findNamed(settings, state, from, to);
  if (target === undefined) {
    throw new UserError(
      `there is nothing to go back to: no other revision of this project served before ${from}`,
      { hint: `See them all: ${listCommand(settings)}` },
    );
  }
  const obstacle = findObstacle(settings, state, target);
  if (obstacle === undefined) return target;
  throw new UserError(
    `revision ${target.metadata.name} cannot come back: ${obstacle}`,
    {
      hint: `Choose another with --to: npx tsx scripts/rollback.ts ${settings.env} --list. Or deploy what it had: npx tsx scripts/deploy.ts ${settings.env}`,
    },
  );
}

function findNamed(
  settings: Settings,
  state: State,
  from: string,
  to: string,
): Revision {
  const refuse = (message: string): InputError =>
    new InputError(message, {
      hint: `See what there is: npx tsx scripts/rollback.ts ${settings.env} --list`,
    });
  const named = state.revisions.find((r) => r.metadata.name === to);
  if (named === undefined) {
    throw refuse(`service ${settings.service} has no revision ${to}`);
  }
  if (to === from) throw refuse(`revision ${to} is what serves`);
  if (!isOurRevision(named)) {
    throw refuse(`revision ${to} was not made by this project`);
  }
  if (!cameUp(named)) throw refuse(`revision ${to} never came up`);
  const serving = state.revisions.find((r) => r.metadata.name === from);
  if (serving !== undefined && isSame(settings, state, named, serving)) {
    throw refuse(`revision ${to} would come back as what serves: ${from}`);
  }
  return named;
}

/** Whether a revision that can come back would be what serves, today's keys included. */
function isSame(
  settings: Settings,
  state: State,
  revision: Revision,
  serving: Revision,
): boolean {
  if (findObstacle(settings, state, revision) !== undefined) return false;
  const spec = withAskedImage(revision);
  const changes = listKeyChanges(settings, state, spec);
  return isDeepStrictEqual(withKeys(spec, changes), withAskedImage(serving));
}

function listCommand({ service, region, projectId }: Settings): string {
  return `gcloud run revisions list --service=${service} --region=${region} --project=${projectId}`;
}
