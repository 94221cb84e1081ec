import { existsSync, readFileSync } from "node:fs";
import { LineCounter, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { Document as YamlDocument } from "yaml";
import { InputError } from "../cli/errors.ts";

export const PIPELINE_FILE = "clouddeploy.yaml";

/** clouddeploy.yaml, read: the pipeline, what is special about its targets, and its automations. */
export interface PipelineFile {
  /** `DeliveryPipeline`. */
  pipeline: Resource;
  /** In the order of the file. */
  stages: PipelineStage[];
  /** `Target` documents. */
  targets: Resource[];
  /** `Automation` documents. */
  automations: Resource[];
}

export interface PipelineStage {
  /** The env, which is also the target's name. */
  env: string;
  strategy: "standard" | "canary";
  /** `clouddeploy.yaml:15`, for messages. */
  from: string;
}

/** A Cloud Deploy resource as `gcloud deploy apply` reads it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** Reads clouddeploy.yaml. Throws InputError where it is not what this project can fill in. */
export function readPipelineFile(): PipelineFile {
  if (!existsSync(PIPELINE_FILE)) {
    throw new InputError(`there is no ${PIPELINE_FILE} here`, {
      hint: "Run this in the project's own folder.",
    });
  }
  return parsePipelineFile(readFileSync(PIPELINE_FILE, "utf8"));
}

export function parsePipelineFile(text: string): PipelineFile {
  const lineCounter = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter })].filter(
    (document) => document.contents !== null,
  );
  const at = (offset: number): string =>
    `${PIPELINE_FILE}:${String(lineCounter.linePos(offset).line)}`;
  const resources = documents.map((document) => toResource(document, at));
  const ofKind = (kind: string): number[] =>
    resources.flatMap((r, index) => (r.kind === kind ? [index] : []));
  const [index, ...others] = ofKind("DeliveryPipeline");
  const pipeline = resources[index ?? -1];
  const document = documents[index ?? -1];
  if (pipeline === undefined || document === undefined || others.length > 0) {
    throw new InputError(
      `${PIPELINE_FILE}: expected exactly one document of kind DeliveryPipeline`,
    );
  }
  return {
    pipeline,
    stages: findStages(document, at),
    targets: resources.filter((r) => r.kind === "Target"),
    automations: resources.filter((r) => r.kind === "Automation"),
  };
}

function toResource(
  document: YamlDocument,
  at: (offset: number) => string,
): Resource {
  const [error] = document.errors;
  if (error !== undefined) {
    throw new InputError(
      `${at(error.pos[0])}: ${error.message.split("\n")[0] ?? ""}`,
    );
  }
  const from = at(document.contents?.range?.[0] ?? 0);
  const resource = document.toJS() as Partial<Resource>;
  const kinds = ["DeliveryPipeline", "Target", "Automation"];
  if (!kinds.includes(resource.kind ?? "")) {
    throw new InputError(
      `${from}: kind ${String(resource.kind)}: expected ${kinds.join(" or ")}`,
    );
  }
  if (typeof resource.metadata?.name !== "string") {
    throw new InputError(`${from}: metadata.name is missing`);
  }
  return resource as Resource;
}

function findStages(
  document: YamlDocument,
  at: (offset: number) => string,
): PipelineStage[] {
  const stages = document.getIn(["serialPipeline", "stages"]);
  if (!isSeq(stages) || stages.items.length === 0) {
    throw new InputError(`${PIPELINE_FILE}: serialPipeline.stages is empty`);
  }
  return stages.items.map((stage) => {
    const targetId = isMap(stage) ? stage.get("targetId", true) : undefined;
    const range = isMap(stage) ? stage.range : undefined;
    if (!isScalar(targetId) || typeof targetId.value !== "string") {
      throw new InputError(`${at(range?.[0] ?? 0)}: a stage without targetId`);
    }
    const { strategy = {} } = (isMap(stage) ? stage.toJS(document) : {}) as {
      strategy?: object;
    };
    return {
      env: targetId.value,
      strategy: "canary" in strategy ? "canary" : "standard",
      from: at(targetId.range?.[0] ?? 0),
    };
  });
}
