import { readFileSync } from "node:fs";
import { parseDocument, stringify } from "yaml";
import { InputError } from "../cli/errors.ts";
import type { ManifestParameters } from "../manifest/parameters.ts";
import type { Service } from "../manifest/knative.ts";
import { inService, withServiceFields } from "../manifest/service-fields.ts";
import { stageManifest } from "../manifest/stage-manifest.ts";
import { profilesOf } from "../pipeline/phases.ts";
import {
  INVOKER_OPEN,
  type OwnFields,
  ownFieldsOf,
  valueOf,
} from "../service/own-fields.ts";
import type { Settings } from "../settings/settings.ts";
import type { SourceFile } from "./source-files.ts";
import type { StageRecord } from "./stage-record.ts";

export const SKAFFOLD_FILE = "skaffold.yaml";

/** The image name in skaffold.yaml that stands for the tools image. */
const TOOLS_NAME = "litellm-tools";

/** The texts that a release is made from. */
export interface SourceTexts {
  skaffold: string;
  manifest: string;
}

/** A stage: what its manifest is filled in with, and the service that is there. */
export interface SourceStage {
  settings: Settings;
  parameters: ManifestParameters;
  service: Service | undefined;
}

/** What Cloud Deploy renders. */
export interface ReleaseSource {
  files: SourceFile[];
  /** By stage. */
  records: Map<string, StageRecord>;
  /** What of it makes it another release: not what the services are now. */
  identity: string[];
}

/** A container of skaffold.yaml, as far as it is looked at. */
export interface Container {
  image?: string;
  env?: { name: string; value: string }[];
}

export interface Jobs {
  verify?: { container?: Container }[] | undefined;
  customActions?: { containers?: Container[] }[] | undefined;
}

type Skaffold = Jobs & Record<string, unknown>;

export function readSkaffold(): string {
  return readFileSync(SKAFFOLD_FILE, "utf8");
}

/**
 * What a release is rendered from: for each stage the manifest in its service as
 * it is (the phases of a canary) and as it is to be (the last phase), and
 * skaffold.yaml with a profile for each. `tools`: the tools image by digest.
 */
export function renderSource(
  texts: SourceTexts,
  tools: string,
  stages: readonly SourceStage[],
): ReleaseSource {
  const { verify, customActions, ...config } = openSkaffold(
    texts.skaffold,
    tools,
  );
  delete config.manifests;
  const files: SourceFile[] = [];
  const profiles: object[] = [];
  const records = new Map<string, StageRecord>();
  const identity = [texts.skaffold, tools];
  for (const stage of stages) {
    const { env } = stage.settings;
    const rendered = renderStage(texts.manifest, stage);
    const names = profilesOf(env);
    const add = (profile: string, text: string, fields: OwnFields): void => {
      const path = `${profile}.yaml`;
      files.push({ path, text });
      const variables = listVariables(stage.settings, fields);
      profiles.push({
        name: profile,
        manifests: { rawYaml: [path] },
        ...giveVariables({ verify, customActions }, variables),
      });
    };
    const { before, after } = rendered.record;
    add(names.canary, rendered.canary, before ?? after);
    add(names.stable, rendered.stable, after);
    records.set(env, rendered.record);
    identity.push(env, rendered.wanted);
  }
  const text = stringify(
    { ...config, profiles },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
  return {
    files: [{ path: SKAFFOLD_FILE, text }, ...files],
    records,
    identity,
  };
}

/** What stands in the annotation: what is not the release's own. */
const OF_RELEASE = ["image", "configVersion", "released"];

function renderStage(
  manifest: string,
  { settings, parameters, service }: SourceStage,
): { canary: string; stable: string; wanted: string; record: StageRecord } {
  const input = { own: settings, parameters };
  let after: OwnFields = {};
  const stable = stageManifest(manifest, input, (desired) => {
    const wanted = withServiceFields(desired, service);
    after = ownFieldsOf(wanted);
    return wanted;
  });
  const canary =
    service === undefined
      ? stable
      : stageManifest(manifest, input, (desired) =>
          inService(desired, service),
        );
  const own = Object.entries(parameters).filter(
    ([name]) => !OF_RELEASE.includes(name),
  );
  return {
    canary,
    stable,
    wanted: stageManifest(manifest, input),
    record: {
      parameters: Object.fromEntries(own),
      ...(service !== undefined && { before: ownFieldsOf(service) }),
      after,
    },
  };
}

/** What the containers of skaffold.yaml are told, as variables. */
export function listVariables(
  { env, projectId, region, service }: Settings,
  fields: OwnFields,
): NonNullable<Container["env"]> {
  const open = valueOf(fields, INVOKER_OPEN) === "true";
  return Object.entries({
    STAGE: env,
    PROJECT_ID: projectId,
    REGION: region,
    SERVICE: service,
    ACCESS: open ? "public" : "iam",
    OWN_FIELDS: JSON.stringify(fields),
  }).map(([name, value]) => ({ name, value }));
}

function giveVariables(
  { verify = [], customActions = [] }: Jobs,
  variables: NonNullable<Container["env"]>,
): Jobs {
  const give = (container: Container): Container => ({
    ...container,
    env: [...(container.env ?? []), ...variables],
  });
  return {
    verify: verify.map((one) => ({
      ...one,
      ...(one.container && { container: give(one.container) }),
    })),
    customActions: customActions.map((one) => ({
      ...one,
      ...(one.containers && { containers: one.containers.map(give) }),
    })),
  };
}

/** With the tools image in it. Throws InputError where nothing would be verified. */
function openSkaffold(text: string, tools: string): Skaffold {
  const config = parseDocument(text).toJS() as Skaffold;
  let found = 0;
  const name = (container: Container | undefined): void => {
    if (container?.image !== TOOLS_NAME) return;
    container.image = tools;
    found += 1;
  };
  for (const { container } of config.verify ?? []) name(container);
  if (found === 0) {
    throw new InputError(
      `${SKAFFOLD_FILE}: no container of verify has the image ${TOOLS_NAME}, so nothing would be verified`,
    );
  }
  for (const { containers } of config.customActions ?? []) {
    for (const container of containers ?? []) name(container);
  }
  return config;
}
