import type { SecretPins } from "../manifest/render-manifest.ts";
import type { Settings } from "../settings/settings.ts";
import type { PipelineFile } from "./pipeline-file.ts";

/** A stage of the pipeline: its env's settings, and the keys that it is to read. */
export interface StageInput {
  settings: Settings;
  /** Undefined before the first release. */
  pins?: Omit<SecretPins, "configVersion">;
}

/**
 * What `gcloud deploy apply` takes, as YAML documents: the template with a
 * target a stage, filled in from the envs. `stages` are in the file's order.
 */
export function renderPipeline(
  file: PipelineFile,
  stages: readonly StageInput[],
): string {
  void stages;
  return JSON.stringify(file);
}
