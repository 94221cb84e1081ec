import { posix } from "node:path";
import { stringify } from "yaml";
import { phaseConfigsOf } from "../engine/phases.ts";
import type {
  JobContainer,
  PhaseConfig,
  RenderedPhase,
  RenderedTarget,
  Stage,
} from "../state.ts";
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

/** What the source becomes for one target, phase by phase. Throws RenderError, and GoogleError where it is not covered. */
export function renderTarget(
  input: RenderInput,
): RenderedTarget & { service: string } {
  let service = "";
  const phases = new Map<string, RenderedPhase>();
  for (const config of phaseConfigsOf(input.stage)) {
    const { name, ...rendered } = renderPhase(input, config);
    service = name;
    phases.set(config.phaseId, rendered);
  }
  return { service, phases, parameters: input.parameters };
}

function renderPhase(
  input: RenderInput,
  phase: PhaseConfig,
): RenderedPhase & { name: string } {
  const { files, configPath, stage, parameters, images } = input;
  const file = files.get(posix.normalize(configPath));
  if (file === undefined) {
    throw new RenderError(
      `parsing skaffold config: skaffold config file ${WORKSPACE}/${configPath} not found`,
    );
  }
  const config = readSkaffold(file.toString(), [
    ...(stage.profiles ?? []),
    ...(phase.profiles ?? []),
  ]);
  const verify = (config.verify ?? []).map(({ name, container }) =>
    readContainer("verify test case", name, container, images),
  );
  if (phase.verify === true && verify.length === 0) {
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
    name: service.metadata?.name ?? "",
    manifest: stringify(finish(service, input), { lineWidth: 0 }),
    verify,
    actions: readActions(config, phase, images),
  };
}

function readActions(
  { customActions = [] }: SkaffoldConfig,
  { predeploy }: PhaseConfig,
  images: ReadonlyMap<string, string>,
): RenderedPhase["actions"] {
  const actions = new Map(
    customActions.map(({ name = "", containers = [] }) => [
      name,
      containers.map((one) =>
        readContainer("custom action", name, one, images),
      ),
    ]),
  );
  const missing = predeploy?.actions?.find((name) => !actions.has(name));
  if (missing === undefined) return actions;
  throw new RenderError(
    `The skaffold.yaml has no custom action ${missing}, which the stage's strategy needs.`,
  );
}

type Container = NonNullable<
  NonNullable<SkaffoldConfig["verify"]>[number]["container"]
>;

function readContainer(
  what: string,
  name: string | undefined,
  container: Container = {},
  images: ReadonlyMap<string, string>,
): JobContainer {
  const { image = "", command = [], args = [], env = [] } = container;
  if (!name || container.name === undefined || image === "") {
    throw new RenderError(
      `parsing skaffold config: a ${what} needs a name, and a container with a name and an image`,
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
