import { readDigest } from "../google/commands/artifacts.ts";
import { type RolloutId, createRelease } from "../google/commands/deploy.ts";
import {
  type Command,
  formatCommand,
  bashExpression,
} from "../google/gcloud.ts";
import type { PipelinePlace } from "../pipeline/place.ts";
import type { Step } from "../plan/step.ts";
import type { ReleaseEffects } from "./effects.ts";
import type { RegistryImage } from "./image.ts";
import {
  type ReleaseContent,
  formatHash,
  hashInputs,
} from "./release-inputs.ts";
import { INPUTS_ANNOTATION } from "./release-name.ts";
import { formatSource, withSource } from "./source-files.ts";
import { formatRecords, shortenRecords } from "./stage-record.ts";

export interface ReleaseToMake {
  id: RolloutId;
  image: RegistryImage;
  content: ReleaseContent;
  /** ISO 8601. */
  now: string;
}

/** Stages the source and makes the release with its first rollout. */
export function createReleaseStep(
  place: PipelinePlace,
  made: ReleaseToMake,
): Step<ReleaseEffects> {
  const { id, image, content, now } = made;
  const build = (
    source: string,
    pinned: string,
    inputs: string,
    records = formatRecords(content.source.records),
  ): Command =>
    createRelease(place, {
      release: id.release,
      source,
      target: id.target,
      parameters: {
        image: pinned,
        configVersion: content.configVersion,
        released: now,
      },
      annotations: {
        [INPUTS_ANNOTATION]: inputs,
        ...records,
      },
    });
  return {
    title: `Make release ${id.release}, and roll it out to ${id.target}`,
    preview: formatStep(place, made, build),
    shown: formatCommand(
      build(
        "…",
        image.pinned ?? image.name,
        "…",
        shortenRecords(content.source.records),
      ),
    ),
    run: async ({ gcloud, readImage }) => {
      const pinned = image.pinned ?? (await readImage());
      await withSource(content.source.files, (directory) =>
        gcloud(build(directory, pinned, hashInputs(content, pinned))),
      );
    },
  };
}

/** An image that is not mirrored yet has no digest: bash reads it then. */
function formatStep(
  place: PipelinePlace,
  { image, content }: ReleaseToMake,
  build: (source: string, image: string, inputs: string) => Command,
): string {
  const { pinned } = image;
  const source = bashExpression("$source");
  const command =
    pinned === undefined
      ? build(source, bashExpression("$image"), bashExpression("$inputs"))
      : build(source, pinned, hashInputs(content, pinned));
  return [
    formatSource(content.source.files),
    ...(pinned === undefined
      ? [
          `image="$(${formatDigest(place, image.name)})"`,
          `inputs=${formatHash(content)}`,
        ]
      : []),
    formatCommand(command),
    'rm -r "$source"',
  ].join("\n");
}

/** Bash that prints a mirrored image by its digest. */
function formatDigest(place: PipelinePlace, image: string): string {
  const [, name = "", packageName = "", tag = ""] =
    /^(.*\/([^/:]+)):([^:]+)$/.exec(image) ?? [];
  const command = formatCommand(readDigest(place, packageName, tag));
  return `echo "${name}@$(${command})"`;
}
