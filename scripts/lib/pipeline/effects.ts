import type { GcloudEffects } from "../plan/step.ts";
import type { PipelineResources } from "./pipeline-state.ts";

/** What the step that applies the pipeline needs. */
export interface PipelineEffects extends GcloudEffects {
  /** What Cloud Deploy holds now. */
  readPipelineResources: () => Promise<PipelineResources>;
}
