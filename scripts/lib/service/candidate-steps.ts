import { scriptCommand } from "../cli/script-command.ts";
import {
  readReadiness,
  replaceService,
  updateTraffic,
} from "../google/commands/run.ts";
import { type Command, formatCommand } from "../google/gcloud.ts";
import type { Service } from "../manifest/knative.ts";
import { formatManifest } from "../manifest/render-manifest.ts";
import type { Step } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import type { ServiceEffects } from "./effects.ts";
import { requireServing, requireTraffic } from "./foreign-change.ts";
import { withLastErrors } from "./last-errors.ts";
import type { Serving } from "./serving.ts";
import { hasTag, orDoneBefore } from "./write-service.ts";

/** A revision on its way to the traffic. */
export interface Candidate {
  settings: Settings;
  revision: string;
  /** It has it until it is proven, and has the traffic. */
  tag: string;
  /** Gives it the tag, and what it needs; undefined: an earlier run did. */
  bringUp: Step<ServiceEffects> | undefined;
  /** What it was planned on. */
  service: Service;
  /** Put back what was changed for it, where it is not proven; its tag goes besides. */
  undo: readonly Command[];
}

export function verifyStep(
  settings: Settings,
  revision: string,
  tag: string | undefined,
): Step<ServiceEffects> {
  const option = tag === undefined ? undefined : `--tag=${tag}`;
  return {
    title: `Verify ${revision}`,
    preview: scriptCommand("verify", settings.env, "--quick", option),
    run: ({ verify }) => verify(revision, tag),
  };
}

/** How often the tag is given again: as often as runs come in between, with some to spare. */
const MOST_TAKEN = 3;

/** Another run's write may take the tag away: it is given again as long as nobody moves the traffic. */
export function verifyCandidate(
  { settings, revision, tag }: Candidate,
  serving: Serving,
): Step<ServiceEffects> {
  const step = verifyStep(settings, revision, tag);
  const giveTag = updateTraffic(settings, { updateTags: { [tag]: revision } });
  const isTagged = (service: Service | undefined): boolean =>
    service !== undefined && hasTag(service, tag);
  return {
    ...step,
    run: async (effects) => {
      const { gcloud, readService } = effects;
      for (let taken = 0; ; taken += 1) {
        const service = requireTraffic(settings, serving, await readService());
        if (!hasTag(service, tag)) {
          await orDoneBefore(effects, () => gcloud(giveTag), isTagged);
        }
        try {
          await step.run(effects);
          return;
        } catch (error) {
          if (taken === MOST_TAKEN || isTagged(await readService())) {
            throw error;
          }
        }
      }
    },
  };
}

/** An earlier run made the revision, and may have been ended while it started. */
export function awaitStep(
  settings: Settings,
  revision: string,
): Step<ServiceEffects> {
  const command = formatCommand(readReadiness(settings, revision));
  return {
    title: `Go on with ${revision}, which an earlier run brought up`,
    shown: command,
    preview: `while [ "$(${command})" = Unknown ]; do sleep 2; done`,
    run: (effects) =>
      withLastErrors(effects, settings, revision, () =>
        effects.awaitRevision(revision),
      ),
  };
}

/** The service as it is to be in the end: its fields, the candidate, and all traffic to it. */
export interface WholeService {
  manifest: Service;
  /** `access, ingress`: what of the service itself changes with the traffic. */
  changes: string;
}

/** All traffic by name, in one write; afterwards nobody else's revision may have it. */
export function takeTraffic(
  { settings, revision, tag }: Candidate,
  whole: WholeService | undefined,
): Step<ServiceEffects> {
  const command =
    whole === undefined
      ? updateTraffic(settings, { to: revision, removeTags: [tag] })
      : replaceService(settings, formatManifest(whole.manifest));
  const changes = whole === undefined ? "" : `, and change ${whole.changes}`;
  return {
    title: `Give all traffic to ${revision}${changes}`,
    preview: formatCommand(command),
    command,
    run: async (effects) => {
      await orDoneBefore(
        effects,
        () => effects.gcloud(command),
        ({ status }) =>
          (status?.traffic ?? []).some(
            (t) => t.revisionName === revision && t.percent === 100,
          ),
      );
      requireServing(settings, revision, await effects.readService());
    },
  };
}

/** Verifies what serves already, and then takes its tag. */
export function proveStep(
  settings: Settings,
  revision: string,
  tag: string,
): Step<ServiceEffects> {
  const verify = verifyStep(settings, revision, undefined);
  const removeTag = updateTraffic(settings, { removeTags: [tag] });
  return {
    title: `Verify ${revision}, and mark it as proven`,
    preview: `${verify.preview}\n${formatCommand(removeTag)}`,
    command: removeTag,
    run: async (effects) => {
      await verify.run(effects);
      await effects.gcloud(removeTag);
    },
  };
}
