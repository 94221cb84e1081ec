import { gcloudTool } from "../plan/apply.ts";
import { createSecretPayloads } from "../google/secret-payloads.ts";
import type { Tools } from "../plan/step.ts";
import { readPipeline } from "../pipeline/read-pipeline.ts";
import { isRepaired } from "../pipeline/automations.ts";
import { followRollout } from "./follow-rollout.ts";
import { readImage } from "./image.ts";
import { createLastingReader } from "../google/lasting-reader.ts";
import type { DeliverySession } from "../pipeline/session.ts";
import { renderPipeline } from "../pipeline/render-pipeline.ts";

/** What steps of releases, promotions and rollbacks may do. */
export function createDeliveryTools(session: DeliverySession): Tools {
  const { context, file, place, read, stages } = session;
  const payloadsOf = (projectId: string): Tools["payloads"] =>
    createSecretPayloads(context, projectId);
  return {
    gcloud: gcloudTool,
    payloads: payloadsOf(place.projectId),
    payloadsOf,
    readPipeline: () => readPipeline(read, place),
    readImage: async () => {
      const [first] = stages;
      const image = first && (await readImage(read, first, place));
      return image?.pinned ?? "";
    },
    follow: async (name) => {
      const resources = renderPipeline(
        file,
        stages.map((settings) => ({ settings })),
      );
      const lasting = createLastingReader(read, place.projectId);
      await followRollout(lasting, place, name, {
        isRepaired: (target) => isRepaired(resources, target),
      });
    },
    verify: () => Promise.reject(new Error("Cloud Deploy verifies")),
  };
}
