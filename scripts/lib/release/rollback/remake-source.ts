import { parse, parseDocument, stringify } from "yaml";
import { UserError } from "../../cli/errors.ts";
import type { Service } from "../../manifest/knative.ts";
import type { ManifestParameters } from "../../manifest/parameters.ts";
import { inService } from "../../manifest/service-fields.ts";
import { profilesOf } from "../../pipeline/phases.ts";
import { ownFieldsOf } from "../../service/own-fields.ts";
import type { Settings } from "../../settings/settings.ts";
import { toKey } from "../../settings/keys.ts";
import { keyParameters } from "../../manifest/parameters.ts";
import { parametersOf } from "../release-pins.ts";
import type { Release } from "../release-state.ts";
import type { SourceFile } from "../source-files.ts";
import { type StageRecord, recordOf } from "../stage-record.ts";
import {
  type Container,
  type Jobs,
  SKAFFOLD_FILE,
  listVariables,
  renderSource,
} from "../stage-source.ts";

export interface Remake {
  /** The old release. */
  release: Release;
  /** The files that it was rendered from. */
  files: readonly SourceFile[];
  /** Every stage. */
  stages: readonly Settings[];
  /** skaffold.yaml of this folder. */
  skaffold: string;
  /** The stage that goes back, and its service, which stays in it as it is. */
  settings: Settings;
  service: Service;
  /** Today's keys, as parameters. */
  keys: ManifestParameters;
}

export interface RemadeSource {
  files: SourceFile[];
  records: Map<string, StageRecord>;
}

/**
 * The source of an old release with today's keys, in the service as it is now;
 * other stages' as they were.
 */
export function remakeSource(remake: Remake): RemadeSource {
  const { release, files, stages, settings, service, keys } = remake;
  const stable = `${profilesOf(settings.env).stable}.yaml`;
  if (!files.some(({ path }) => path === stable)) return remakeOld(remake);
  const own = ownFieldsOf(service);
  const records = new Map(
    stages.map(({ env }) => [env, recordOf(release, env)] as const),
  );
  const old = recordOf(release, settings.env);
  records.set(settings.env, {
    parameters: { ...old.parameters, ...keys },
    before: own,
    after: own,
  });
  return {
    files: files.map(({ path, text }) => {
      if (path === stable) return { path, text: remakeManifest(text, remake) };
      if (path === SKAFFOLD_FILE)
        return { path, text: remakeSkaffold(text, remake) };
      return { path, text };
    }),
    records,
  };
}

function remakeManifest(text: string, { service, keys }: Remake): string {
  const document = parseDocument(text);
  const { metadata } = inService(document.toJS() as Service, service);
  document.setIn(["metadata", "labels"], metadata.labels);
  document.setIn(["metadata", "annotations"], metadata.annotations);
  const containers = ["spec", "template", "spec", "containers"];
  const { spec } = (document.toJS() as Service).spec.template;
  for (const [at, { env = [] }] of spec.containers.entries()) {
    for (const [index, { name }] of env.entries()) {
      const entry = [
        ...containers,
        at,
        "env",
        index,
        "valueFrom",
        "secretKeyRef",
      ];
      const { secret, version } = keyParameters(toKey(name).name);
      if (keys[version] === undefined) continue;
      document.setIn([...entry, "name"], keys[secret]);
      document.setIn([...entry, "key"], keys[version]);
    }
  }
  return document.toString({ lineWidth: 0 });
}

/** The stage's verification is told what guards its service now. */
function remakeSkaffold(text: string, { settings, service }: Remake): string {
  const document = parse(text) as { profiles?: ({ name: string } & Jobs)[] };
  const profile = document.profiles?.find(
    ({ name }) => name === profilesOf(settings.env).stable,
  );
  const variables = listVariables(settings, ownFieldsOf(service));
  const names = variables.map(({ name }) => name);
  const tell = (container: Container | undefined): void => {
    if (container === undefined) return;
    const others = (container.env ?? []).filter((v) => !names.includes(v.name));
    container.env = [...others, ...variables];
  };
  for (const { container } of profile?.verify ?? []) tell(container);
  for (const { containers } of profile?.customActions ?? []) {
    for (const container of containers ?? []) tell(container);
  }
  return stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Of a release of version 0.1: one manifest, filled in with what its targets said. */
function remakeOld(remake: Remake): RemadeSource {
  const { release, files, stages, skaffold, settings, service, keys } = remake;
  const textOf = (name: string): string => {
    const found = files.find(({ path }) => path === name);
    if (found !== undefined) return found.text;
    throw new UserError(
      `the source of release ${release.name.split("/").at(-1) ?? ""} has no ${name}`,
      { hint: "Choose another release with --to." },
    );
  };
  const old = parse(textOf(SKAFFOLD_FILE)) as Jobs;
  const tools = old.verify?.[0]?.container?.image ?? "";
  const source = renderSource(
    { skaffold, manifest: textOf("config/service.yaml") },
    tools,
    stages.map((stage) => {
      const parameters = parametersOf(release, stage.env);
      return stage.env === settings.env
        ? {
            settings: stage,
            parameters: { ...parameters, ...keys },
            service,
          }
        : { settings: stage, parameters, service: undefined };
    }),
  );
  const stable = `${profilesOf(settings.env).stable}.yaml`;
  return {
    files: source.files.map((file) =>
      file.path === stable
        ? { ...file, text: remakeManifest(file.text, remake) }
        : file,
    ),
    records: source.records,
  };
}
