import { InputError, UserError } from "../cli/errors.ts";
import { RELEASED } from "../manifest/stage-manifest.ts";
import { type OwnFields, listOwnChanges, ownFieldsOf } from "./own-fields.ts";
import { findMain, findServing } from "./serving.ts";
import type { State } from "./state/state.ts";

/** What a release of Cloud Deploy rests on, as its containers are told. */
export interface Expected {
  /** The service's own fields when the release was made. */
  fields: OwnFields;
  /** When it was made, ISO 8601. */
  released: string;
}

/** From the variables OWN_FIELDS and `released`. Throws InputError where they are not there. */
export function readExpected(
  variables: Readonly<Record<string, string | undefined>>,
): Expected {
  const { OWN_FIELDS: fields, released } = variables;
  if (fields !== undefined && released !== undefined) {
    return { fields: JSON.parse(fields) as OwnFields, released };
  }
  throw new InputError("--unchanged is for a rollout of Cloud Deploy", {
    hint: "It needs the variables OWN_FIELDS and released, which a release gives it.",
  });
}

/**
 * Whether a canary can come: the service guards and limits itself as it did when
 * the release was made, and what serves is not of a later release. Throws
 * UserError where it is not so; nothing was deployed then.
 */
export function checkUnchanged(
  { fields, released }: Expected,
  { service, revisions }: Pick<State, "service" | "revisions">,
): void {
  if (service === undefined) return;
  const changes = listOwnChanges(fields, ownFieldsOf(service));
  if (changes.length > 0) {
    throw new UserError(
      [
        `service ${service.metadata.name} was changed since the release was made, which would put it back:`,
        ...changes,
        "Nothing was deployed.",
      ].join("\n  "),
      { hint: "Make a new release: it takes the service as it is." },
    );
  }
  const serving = findMain(findServing(service, revisions), revisions);
  const serves = serving?.metadata.annotations?.[RELEASED];
  if (serves !== undefined && serves > released) {
    throw new UserError(
      `service ${service.metadata.name} serves a later release (of ${serves}) than this one (of ${released}). Nothing was deployed.`,
      {
        hint: "An automation promotes what a rollback brought back. To go back here too: rollback.ts.",
      },
    );
  }
}
