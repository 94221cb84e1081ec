import { AUTOMATION, type SentAutomation } from "./requests.ts";
import type { ResourceKind } from "./resource-kind.ts";
import { readAutomation } from "./rules/automation.ts";
import { type Automation, deliveryOf } from "./state.ts";

/** In a pipeline. */
export const AUTOMATIONS: ResourceKind<SentAutomation, Automation> = {
  collection: "automations",
  field: "automation",
  idParameter: "automationId",
  type: "Automation",
  message: AUTOMATION,
  store: (cloud) => deliveryOf(cloud).automations,
  read: (cloud, _name, sent) => readAutomation(cloud, sent),
  show: (_cloud, automation) => automation,
};
