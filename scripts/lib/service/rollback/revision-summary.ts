import { withAskedImage } from "../../manifest/compare.ts";
import type { Revision } from "../../manifest/knative.ts";
import { findKey, readConfigPin } from "../revision-pins.ts";

/** What tells one revision from another; `--json` prints it. */
export interface RevisionSummary {
  revision: string;
  /** ISO 8601. */
  created: string;
  /** As it was asked for. */
  image: string;
  /** The alias of the config's content. */
  configVersion: string;
  masterKeyVersion: string;
  geminiKeyVersion?: string;
  cpu: string;
  memory: string;
  concurrency: number;
  /** Seconds. */
  timeout: number;
}

export function summarizeRevision(revision: Revision): RevisionSummary {
  const { metadata } = revision;
  const spec = withAskedImage(revision);
  const container = spec.containers[0];
  const { limits = {} } = (container?.resources ?? {}) as {
    limits?: Record<string, string>;
  };
  const geminiKeyVersion = findKey(spec, "GEMINI_API_KEY")?.key;
  return {
    revision: metadata.name,
    created: metadata.creationTimestamp ?? "",
    image: container?.image ?? "",
    configVersion: readConfigPin(spec).version,
    masterKeyVersion: findKey(spec, "LITELLM_MASTER_KEY")?.key ?? "",
    ...(geminiKeyVersion !== undefined && { geminiKeyVersion }),
    cpu: limits.cpu ?? "",
    memory: limits.memory ?? "",
    concurrency: Number(spec.containerConcurrency),
    timeout: Number(spec.timeoutSeconds),
  };
}
