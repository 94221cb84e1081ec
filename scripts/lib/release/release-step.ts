import type { RolloutId } from "../google/commands/deploy.ts";
import type { RegistryImage } from "./image.ts";
import type { DeliveryPlace } from "../pipeline/place.ts";
import { createRelease } from "../google/commands/deploy.ts";
import {
  type ReleaseContent,
  formatHash,
  hashInputs,
} from "./release-inputs.ts";
import { INPUTS_ANNOTATION } from "./release-name.ts";
import { formatSource, withSource } from "./stage-source.ts";
import { type Command, formatCommand } from "../google/gcloud.ts";
import type { Step } from "../plan/step.ts";

export interface ReleaseToMake {
  id: RolloutId;
  image: RegistryImage;
  content: ReleaseContent;
}

/** Stages the source and makes the release with its first rollout. */
export function createReleaseStep(
  place: DeliveryPlace,
  made: ReleaseToMake,
): Step {
  const { id, image, content } = made;
  const build = (source: string, pinned: string, inputs: string): Command =>
    createRelease(place, {
      ...{ release: id.release, source, target: id.target },
      parameters: { image: pinned, configVersion: content.configVersion },
      annotations: { [INPUTS_ANNOTATION]: inputs },
    });
  return {
    title: `Make release ${id.release}, and roll it out to ${id.target}`,
    preview: formatStep(place, made, build),
    shown: formatCommand(build("…", image.pinned ?? image.name, "…")),
    run: async ({ gcloud, readImage }) => {
      const pinned = image.pinned ?? (await readImage?.()) ?? "";
      await withSource(content.source, (directory) =>
        gcloud(build(directory, pinned, hashInputs(content, pinned))),
      );
    },
  };
}

/** An image that is not mirrored yet has no digest: bash reads it then. */
function formatStep(
  place: DeliveryPlace,
  { image, content }: ReleaseToMake,
  build: (source: string, image: string, inputs: string) => Command,
): string {
  const { pinned } = image;
  const command = formatCommand(
    pinned === undefined
      ? build("SOURCE", "IMAGE", "INPUTS")
      : build("SOURCE", pinned, hashInputs(content, pinned)),
  );
  return [
    formatSource(content.source),
    ...(pinned === undefined
      ? [
          `image="$(${formatDigest(place, image.name)})"`,
          `inputs=${formatHash(content)}`,
        ]
      : []),
    command
      .replace("=SOURCE ", '="$source" ')
      .replace("=IMAGE,", '="$image",')
      .replace("=INPUTS ", '="$inputs" '),
    'rm -r "$source"',
  ].join("\n");
}

/** Bash that prints a mirrored image by its digest. */
function formatDigest(place: DeliveryPlace, image: string): string {
  const [, name = "", packageName = "", tag = ""] =
    /^(.*\/([^/:]+)):([^:]+)$/.exec(image) ?? [];
  const command = formatCommand({
    args: [
      ...["artifacts", "tags", "list", `--package=${packageName}`],
      `--repository=${place.repository}`,
      `--location=${place.region}`,
      `--project=${place.projectId}`,
      `--filter=name:tags/${tag}`,
      "--format=value(version.basename())",
    ],
  });
  return `echo "${name}@$(${command})"`;
}
