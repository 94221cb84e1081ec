import { isDeepStrictEqual } from "node:util";
import { InputError, UserError } from "../../cli/errors.ts";
import { modeOf } from "../../manifest/mode-mark.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { listRevisions } from "../../google/commands/run.ts";
import { formatCommand, toRead } from "../../google/gcloud.ts";
import { withAskedImage } from "../../manifest/compare.ts";
import type { Revision } from "../../manifest/knative.ts";
import type { Settings } from "../../settings/settings.ts";
import { isOurRevision } from "../ownership.ts";
import {
  findObstacle,
  listKeyChanges,
  pinsOfRevision,
  withTodaysKeys,
} from "../pins.ts";
import { listPredecessors } from "../predecessor.ts";
import { cameUp } from "../serving.ts";
import type { State } from "../state/state.ts";

/**
 * What can be gone back to from the revision that serves: what served before
 * it, latest first, but for what would come back as what serves already (after
 * a new key, the revision before it).
 */
export function listEarlier(
  settings: Settings,
  state: State,
  from: string,
): Revision[] {
  const serving = state.revisions.find((r) => r.metadata.name === from);
  return listPredecessors(state.revisions, from).filter(
    (r) => serving === undefined || !isSame(settings, state, r, serving),
  );
}

/** The one that is named, else the first. Throws UserError where it cannot come back. */
export function chooseRevision(
  settings: Settings,
  state: State,
  from: string,
  to: string | undefined,
): Revision {
  const { env } = settings;
  const revision =
    to === undefined
      ? listEarlier(settings, state, from)[0]
      : findNamed(settings, state, from, to);
  if (revision === undefined) {
    const list = formatCommand(toRead(listRevisions(settings)));
    throw new UserError(
      `there is nothing to go back to: no other revision of this project served before ${from}`,
      { hint: `See them all: ${list}` },
    );
  }
  const obstacle = findRevisionObstacle(settings, state, revision);
  if (obstacle === undefined) return revision;
  throw new UserError(
    `revision ${revision.metadata.name} cannot come back: ${obstacle}`,
    {
      hint: `Choose another with --to: ${scriptCommand("rollback", env, "--list")}. Or deploy what it had: ${scriptCommand("deploy", env)}`,
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
      hint: `See what there is: ${scriptCommand("rollback", settings.env, "--list")}`,
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

/** What keeps a revision from coming back; undefined: nothing does. */
export function findRevisionObstacle(
  settings: Settings,
  state: State,
  { metadata, spec }: Revision,
): string | undefined {
  const mode = modeOf(metadata, spec);
  return findObstacle(settings, state, pinsOfRevision(spec), mode);
}

/** Whether a revision that can come back would be what serves, today's keys included. */
function isSame(
  settings: Settings,
  state: State,
  revision: Revision,
  serving: Revision,
): boolean {
  if (findRevisionObstacle(settings, state, revision) !== undefined) {
    return false;
  }
  const pins = pinsOfRevision(revision.spec);
  const changes = listKeyChanges(settings, state, pins);
  const remade = withTodaysKeys(settings, withAskedImage(revision), changes);
  return isDeepStrictEqual(remade, withAskedImage(serving));
}
