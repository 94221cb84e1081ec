/** clouddeploy.yaml, read: the pipeline, what is special about its targets, and its automations. */
export interface PipelineFile {
  /** `DeliveryPipeline`. */
  pipeline: { name: string; stages: PipelineStage[]; document: Document };
  /** `Target` documents by target. */
  targets: ReadonlyMap<string, Document>;
  /** `Automation` documents. */
  automations: Document[];
}

export interface PipelineStage {
  /** The env, which is also the target's name. */
  env: string;
  strategy: "standard" | "canary";
}

/** A Cloud Deploy resource as `gcloud deploy apply` reads it. */
export interface Document {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}
