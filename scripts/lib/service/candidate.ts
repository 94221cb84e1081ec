import { scriptCommand } from "../cli/script-command.ts";
import {
  readReadiness,
  replaceService,
  updateTraffic,
} from "../google/commands/run.ts";
import { type Command, formatCommand, isAborted } from "../google/gcloud.ts";
import { parseJson } from "../google/parse-json.ts";
import type { Service, TrafficTarget } from "../manifest/knative.ts";
import { formatManifest } from "../manifest/render-manifest.ts";
import type { Plan, Step } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import type { ServiceEffects } from "./effects.ts";
import {
  checkGeneration,
  onGeneration,
  requireServing,
  whileServing,
} from "./foreign-change.ts";
import { withLastErrors } from "./last-errors.ts";
import type { Serving } from "./serving.ts";
import type { State } from "./state/state.ts";

/** A revision on its way to the traffic. */
export interface Candidate {
  settings: Settings;
  revision: string;
  /** It has it until it is proven, and has the traffic. */
  tag: string;
  /** Gives it the tag, and what it needs; undefined: an earlier run did. */
  bringUp: Step<ServiceEffects> | undefined;
  /** Of the service, as it was planned on. */
  generation: number;
  /** Put back what was changed for it, where it is not proven; its tag goes besides. */
  undo: readonly Command[];
}

/**
 * The gate: the candidate gets a tag and no traffic, then it is verified at the
 * tag's URL (`meanwhile` runs beside that), then it gets all traffic, and the
 * service its own fields (`whole`, where one of them differs), in one write that
 * takes the tag too. Where a step fails, the tag goes, and traffic and service
 * stay as they were.
 */
export function planCandidate(
  candidate: Candidate,
  serving: Serving,
  whole: WholeService | undefined,
  meanwhile: Step<ServiceEffects>[] = [],
): Plan<ServiceEffects> {
  const { settings, revision, tag, bringUp, generation, undo } = candidate;
  const removeTag = updateTraffic(settings, { removeTags: [tag] });
  const onFailure = [removeTag, ...undo];
  const verify = verifyStep(settings, revision, tag);
  const step = takeTraffic(candidate, whole);
  const last =
    whole === undefined
      ? whileServing(step, serving, candidate)
      : onGeneration(step, generation + (bringUp === undefined ? 0 : 1));
  return [
    [
      bringUp === undefined
        ? { ...awaitStep(settings, revision), onFailure }
        : { ...onGeneration(bringUp, generation), onFailure },
    ],
    [verify, ...meanwhile].map((step) => ({ ...step, onFailure })),
    [{ ...last, onFailure: [removeTag] }],
  ];
}

/** The service as it is to be in the end: its fields, the candidate, and all traffic to it. */
export interface WholeService {
  manifest: Service;
  /** `access, ingress`: what of the service itself changes with the traffic. */
  changes: string;
}

/** All traffic by name, in one write; afterwards nobody else's revision may have it. */
function takeTraffic(
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
    run: async ({ gcloud, readService }) => {
      await gcloud(command);
      requireServing(revision, await readService());
    },
  };
}

/**
 * Where nothing serves that could be harmed: all traffic first, with the tag,
 * which goes once the revision was verified. While it is there the next run does
 * not take the revision for proven.
 */
export function planAtOnce({
  settings,
  revision,
  tag,
  bringUp,
  generation,
}: Omit<Candidate, "undo">): Plan<ServiceEffects> {
  const first =
    bringUp === undefined
      ? awaitStep(settings, revision)
      : onGeneration(bringUp, generation);
  return [[first], [proveStep(settings, revision, tag)]];
}

/** Verifies what serves already. The gcloud that takes the tag starts beside that, and waits for it. */
function proveStep(
  settings: Settings,
  revision: string,
  tag: string,
): Step<ServiceEffects> {
  const verify = verifyStep(settings, revision, undefined);
  const removeTag = updateTraffic(settings, { removeTags: [tag] });
  return {
    title: `Verify ${revision}, and mark it as proven`,
    preview: `${verify.preview}\n${formatCommand(removeTag)}`,
    run: async (effects) => {
      const held = effects.hold(removeTag);
      try {
        await verify.run(effects);
      } catch (error) {
        await held.drop();
        throw error;
      }
      await held.letGo();
    },
  };
}

/** What serves now goes on, and the candidate is reached by its tag alone. */
export function candidateTraffic(
  serving: Serving,
  revisionName: string,
  tag: string,
): TrafficTarget[] {
  return [
    ...serving.targets,
    ...serving.ownTags,
    { revisionName, percent: 0, tag },
  ];
}

/**
 * Writes the service. gcloud tries again what got no answer: where the first try
 * was done all the same, the second meets it as a change by somebody else.
 */
async function write(
  { gcloud, readService, awaitRevision }: ServiceEffects,
  command: Command,
  revision: string,
): Promise<Service> {
  try {
    return parseJson(command, await gcloud(command)) as Service;
  } catch (error) {
    const service = isAborted(error) ? await readService() : undefined;
    if (service?.spec.template.metadata?.name !== revision) throw error;
    await awaitRevision(revision);
    return service;
  }
}

/** How long a container may take until its startup probe gives up. */
function startupSeconds({ spec }: Service): number | undefined {
  const [container] = spec.template.spec.containers;
  const { periodSeconds, failureThreshold } = (container?.startupProbe ??
    {}) as { periodSeconds?: number; failureThreshold?: number };
  if (periodSeconds === undefined || failureThreshold === undefined) {
    return undefined;
  }
  return periodSeconds * failureThreshold;
}

/** Writes the manifest, and stops where somebody else wrote at the same time. */
export function replaceStep(
  settings: Settings,
  state: State,
  manifest: Service,
  title: string,
): Step<ServiceEffects> {
  const command = replaceService(settings, formatManifest(manifest));
  const revision = manifest.spec.template.metadata?.name ?? "";
  const did = `wrote revision ${revision} over that change`;
  return {
    title,
    preview: formatCommand(command),
    upTo: startupSeconds(manifest),
    run: async (effects) => {
      const written = await withLastErrors(effects, settings, revision, () =>
        write(effects, command, revision),
      );
      await checkGeneration(effects, { settings, state, did }, written);
    },
  };
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

/** An earlier run made the revision, and may have been ended while it started. */
function awaitStep(settings: Settings, revision: string): Step<ServiceEffects> {
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
