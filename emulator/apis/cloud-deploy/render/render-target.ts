import { posix } from "node:path";
import { stringify } from "yaml";
import type { RenderedTarget, Stage, VerifyContainer } from "../state.ts";
import type { SourceFiles } from "./archive.ts";
import { type Manifest, readService, WORKSPACE } from "./manifest.ts";
import { RenderError } from "./render-error.ts";
import { readSkaffold, type SkaffoldConfig } from "./skaffold.ts";

export interface RenderInput {
  files: SourceFiles;
  /** Of skaffold.yaml, in the source. */
  configPath: string;
  stage: Stage;
  parameters: Record<string, string>;
  /** Labels of everything that is rendered. */
  labels: Record<string, string>;
  /** Image name → the image to take. */
  images: ReadonlyMap<string, string>;
}

/** What the source becomes for one target. Throws RenderError, and GoogleError where it is not covered. */
export function renderTarget(
  input: RenderInput,
): RenderedTarget & { service: string } {
  const { files, configPath, stage, parameters, images } = input;
  const file = files.get(posix.normalize(configPath));
  if (file === undefined) {
    throw new RenderError(
      `parsing skaffold config: skaffold config file ${WORKSPACE}/${configPath} not found`,
    );
  }
  const config = readSkaffold(file.toString(), stage.profiles ?? []);
  const verify = (config.verify ?? []).map((one) => readContainer(one, images));
  if (isVerified(stage) && verify.length === 0) {
    throw new RenderError(
      "The skaffold.yaml has no verify stanza, which the stage's strategy needs.",
      "VERIFICATION_CONFIG_NOT_FOUND",
    );
  }
  const service = readService(
    files,
    posix.dirname(configPath),
    config.manifests?.rawYaml ?? [],
    parameters,
  );
  return {
    service: service.metadata?.name ?? "",
    manifest: stringify(finish(service, input), { lineWidth: 0 }),
    verify,
    parameters,
  };
}

function isVerified({ strategy }: Stage): boolean {
  const { standard, canary } = strategy ?? {};
  return standard?.verify === true || canary?.canaryDeployment?.verify === true;
}

function readContainer(
  verify: NonNullable<SkaffoldConfig["verify"]>[number],
  images: ReadonlyMap<string, string>,
): VerifyContainer {
  const { container = {}, name = "" } = verify;
  const { image = "", command = [], args = [], env = [] } = container;
  if (name === "" || container.name === undefined || image === "") {
    throw new RenderError(
      "parsing skaffold config: a verify test case needs a name, and a container with a name and an image",
    );
  }
  return {
    name: container.name,
    image: images.get(image) ?? image,
    command,
    args,
    env: Object.fromEntries(
      env.map((one) => [one.name ?? "", one.value ?? ""]),
    ),
  };
}

/** With the images of the release, and with Cloud Deploy's labels on the service and its revisions. */
function finish(service: Manifest, { labels, images }: RenderInput): Manifest {
  const { metadata, spec } = service;
  const { template } = spec ?? {};
  const containers = template?.spec?.containers?.map((container) => ({
    ...container,
    ...(container.image !== undefined && {
      image: images.get(container.image) ?? container.image,
    }),
  }));
  return {
    ...service,
    metadata: { ...metadata, labels: { ...metadata?.labels, ...labels } },
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: {
          ...template?.metadata,
          labels: { ...template?.metadata?.labels, ...labels },
        },
        spec: { ...template?.spec, ...(containers && { containers }) },
      },
    },
  };
}
