import type { Cloud } from "../../core/cloud.ts";
import type { Type } from "../../core/message.ts";
import type { Resource } from "./state.ts";

/** A kind of resource that is created, changed and deleted by its full name. */
export interface ResourceKind<Sent, Kept extends Resource> {
  /** In names, and the member of a list's answer. */
  collection: string;
  /** The member of a write's request, in snake case as errors have it. */
  field: string;
  /** The query parameter of a creation. */
  idParameter: string;
  /** Of operations' answers. */
  type: "DeliveryPipeline" | "Target" | "Automation";
  message: Type<Sent>;
  store: (cloud: Cloud) => Map<string, Kept>;
  /** What a client may set, checked. */
  read: (cloud: Cloud, name: string, sent: Sent) => Omit<Kept, GivenByGoogle>;
  show: (cloud: Cloud, resource: Kept) => object;
  /** Deletes what lies in it, or throws where that is not forced. */
  deleteChildren?: (cloud: Cloud, name: string, force: boolean) => void;
}

export type GivenByGoogle = Exclude<
  keyof Resource,
  "description" | "labels" | "annotations"
>;
