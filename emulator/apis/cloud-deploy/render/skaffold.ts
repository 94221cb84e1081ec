import { YAMLParseError, parseAllDocuments } from "yaml";
import type { Problem } from "../../../core/json-problems.ts";
import {
  list,
  message,
  map,
  object,
  outputOnly,
  string,
  uncovered,
} from "../../../core/message.ts";
import { RenderError } from "./render-error.ts";

/** The newest one that Cloud Deploy's default version of Skaffold reads is v4beta13. */
const API_VERSION = /^skaffold\/v4beta([1-9]|1[0-3])$/;

const MANIFESTS = message({
  rawYaml: list(string),
  kustomize: uncovered,
  helm: uncovered,
  kpt: uncovered,
  hooks: uncovered,
  transform: uncovered,
  validate: uncovered,
  output: uncovered,
});

const CONTAINER = message({
  name: string,
  image: string,
  command: list(string),
  args: list(string),
  env: list(message({ name: string, value: string })),
});

const EXECUTION = {
  // Cloud Build's own timeout ends a job here.
  timeout: outputOnly,
  executionMode: message({ local: object, kubernetesCluster: uncovered }),
};

const VERIFY = message({ name: string, ...EXECUTION, container: CONTAINER });

const CUSTOM_ACTION = message({
  name: string,
  ...EXECUTION,
  failFast: uncovered,
  containers: list(CONTAINER),
});

/** What a profile may put in place of. Cloud Deploy builds nothing, and takes where to deploy from the target. */
const SECTIONS = {
  manifests: MANIFESTS,
  verify: list(VERIFY),
  customActions: list(CUSTOM_ACTION),
  build: object,
  deploy: message({
    cloudrun: object,
    kubectl: uncovered,
    helm: uncovered,
    docker: uncovered,
    kpt: uncovered,
  }),
};

const CONFIG = message({
  apiVersion: string,
  kind: string,
  metadata: message({
    name: string,
    labels: map(string),
    annotations: map(string),
  }),
  ...SECTIONS,
  requires: uncovered,
  test: uncovered,
  portForward: uncovered,
  resourceSelector: uncovered,
  profiles: list(
    message({
      name: string,
      ...SECTIONS,
      activation: uncovered,
      patches: uncovered,
    }),
  ),
});

export type SkaffoldConfig = NonNullable<ReturnType<typeof CONFIG.read>>;

/** The configuration with the profiles applied. Throws RenderError where Skaffold fails, GoogleError where it is not covered. */
export function readSkaffold(
  text: string,
  profiles: readonly string[],
): SkaffoldConfig {
  const config = parse(text);
  return profiles.reduce<SkaffoldConfig>((current, name) => {
    const profile = config.profiles?.find((one) => one.name === name);
    if (profile === undefined) {
      throw new RenderError(
        `applying profiles: finding auto-activated profiles: couldn't find profile ${name}`,
      );
    }
    const { manifests, deploy, verify, customActions } = profile;
    return {
      ...current,
      ...(manifests && { manifests: { ...current.manifests, ...manifests } }),
      ...(deploy && { deploy: { ...current.deploy, ...deploy } }),
      ...(verify && { verify }),
      ...(customActions && { customActions }),
    };
  }, config);
}

function parse(text: string): SkaffoldConfig {
  const [document, another] = parseAllDocuments(text);
  const [error] = document?.errors ?? [];
  if (document === undefined || error instanceof YAMLParseError) {
    throw failure(error?.message ?? "the file is empty");
  }
  if (another !== undefined) {
    throw failure(
      "the emulated Cloud Deploy covers one configuration in a file",
    );
  }
  const problems: Problem[] = [];
  const config = CONFIG.read(document.toJS(), "", problems);
  if (config === undefined || problems.length > 0) {
    throw failure(problems.map((problem) => problem.text).join("; "));
  }
  const { apiVersion = "", kind } = config;
  if (!API_VERSION.test(apiVersion)) {
    throw failure(`unknown skaffold API version: "${apiVersion}"`);
  }
  if (kind !== "Config") throw failure(`unknown kind "${kind ?? ""}"`);
  return config;
}

function failure(text: string): RenderError {
  return new RenderError(
    `parsing skaffold config: error parsing skaffold configuration file: ${text}`,
  );
}
