import { InputError } from "../cli/errors.ts";
import type { Arguments } from "../cli/run-script.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { buildImages } from "../google/commands/builds.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import type { PipelineSession } from "../pipeline/session.ts";
import type { Step } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import { buildStep } from "./build-step.ts";
import {
  type RegistryImage,
  findImage,
  isMirrored,
  nameTools,
  readPinned,
  readToolsImage,
} from "./image.ts";
import { planImage } from "./plan-image.ts";

/** What a set-up is asked for of the images of releases. */
export interface BuildsAsked {
  build: boolean;
  /** A tools image from elsewhere. */
  tools: string | undefined;
}

/** The images that a release needs, as far as they are there. */
export interface Images {
  tools: RegistryImage;
  litellm: RegistryImage;
}

/** Throws InputError for what does not fit together. */
export function parseBuilds(
  args: Pick<Arguments, "value" | "flag">,
): BuildsAsked {
  const asked = { build: args.flag("build"), tools: args.value("tools-image") };
  const given = asked.build
    ? "--build"
    : asked.tools === undefined
      ? undefined
      : "--tools-image";
  if (given === undefined || !args.flag("remove")) return asked;
  throw new InputError(
    `${given} is for a set-up, --remove takes it away: give one of them`,
  );
}

/** Throws UserError where a tools image was named that is not there. */
export async function readImages(
  { read, stages: [first], place }: PipelineSession,
  named: string | undefined,
): Promise<Images> {
  const latest = nameTools(place);
  const [tools, litellm] = await Promise.all([
    named === undefined
      ? readPinned(read, latest)
      : readToolsImage(read, place, named),
    findImage(read, first, place),
  ]);
  return { tools: { name: named ?? latest, pinned: tools }, litellm };
}

/** One build: that of the tools image mirrors LiteLLM's, too. Nothing where both are there. */
export function planBuilds(
  settings: Settings,
  place: PipelinePlace,
  { tools, litellm }: Images,
): Step[] {
  if (tools.pinned === undefined) {
    const also = canMirror(settings, litellm) ? ", and mirror LiteLLM's" : "";
    return [
      buildStep(
        place,
        `Build the tools image, test it${also} (minutes)`,
        buildImages(place),
      ),
    ];
  }
  return canMirror(settings, litellm)
    ? planImage(settings, place, litellm)
    : [];
}

/** For people: what is still to be built, or how to release with what was built elsewhere. */
export function describeImages(
  settings: Settings,
  { tools, litellm }: Images,
  named: string | undefined,
): string[] {
  const unbuilt = [
    ...(tools.pinned === undefined
      ? [`  ${tools.name}: the tools image, which verifies`]
      : []),
    ...(canMirror(settings, litellm)
      ? [`  ${litellm.name}: the mirror of ${settings.image}`]
      : []),
  ];
  const option = named === undefined ? undefined : `--tools-image=${named}`;
  return [
    ...(unbuilt.length > 0
      ? [
          [
            "To be built before the first release, which a build of cloudbuild.yaml does, too:",
            ...unbuilt,
            `Build it now: ${scriptCommand("setup", "--build", option)}`,
          ].join("\n"),
        ]
      : []),
    ...(litellm.pinned === undefined && !isMirrored(settings)
      ? [`There is no image ${litellm.name}: push it, or correct IMAGE.`]
      : []),
    ...(named !== undefined && tools.pinned !== undefined
      ? [
          `Release with that tools image: ${scriptCommand("release", `--tools-image=${tools.pinned}`)}`,
        ]
      : []),
  ];
}

function canMirror(settings: Settings, { pinned }: RegistryImage): boolean {
  return pinned === undefined && isMirrored(settings);
}
