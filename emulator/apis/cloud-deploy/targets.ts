import { idOf } from "./engine/names.ts";
import { type SentTarget, TARGET } from "./requests.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { readTarget } from "./rules/target.ts";
import { type Target, deliveryOf } from "./state.ts";

/** A target may be deleted under its pipeline, which is then no longer ready. */
export const TARGETS: ResourceKind<SentTarget, Target> = {
  collection: "targets",
  field: "target",
  idParameter: "targetId",
  type: "Target",
  message: TARGET,
  store: (cloud) => deliveryOf(cloud).targets,
  read: (_cloud, name, sent) => ({ ...readTarget(sent), targetId: idOf(name) }),
  show: (_cloud, target) => target,
};
