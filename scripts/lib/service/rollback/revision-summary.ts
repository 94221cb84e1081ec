import type { ConfigFiles } from "../../manifest/config-items.ts";
import { withAskedImage } from "../../manifest/compare.ts";
import type { Revision } from "../../manifest/knative.ts";
import { type Pins, pinsOfRevision } from "../pins.ts";

/** `masterKeyVersion`, `OPENAI_API_KEYVersion` and so on, of the keys that it reads. */
type KeyVersions = Partial<Record<`${string}Version`, string>>;

/** What tells one revision from another; `--json` prints it. */
export interface RevisionSummary extends KeyVersions {
  revision: string;
  /** ISO 8601. */
  created: string;
  /** As it was asked for. */
  image: string;
  /** The alias of the config's content. */
  configVersion: string;
  /** Of what lies beside the config, where there is something. */
  configFiles?: ConfigFiles;
  /** The secret with its clients' keys; null: they have none. */
  clientKeys: string | null;
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
  const pins = pinsOfRevision(spec);
  return {
    revision: metadata.name,
    created: metadata.creationTimestamp ?? "",
    image: container?.image ?? "",
    configVersion: pins.config.version,
    ...(Object.keys(pins.files).length > 0 && { configFiles: pins.files }),
    ...toVersions(pins.keys),
    clientKeys: pins.clientKeys ?? null,
    cpu: limits.cpu ?? "",
    memory: limits.memory ?? "",
    concurrency: Number(spec.containerConcurrency),
    timeout: Number(spec.timeoutSeconds),
  };
}

function toVersions(keys: Pins["keys"]): KeyVersions {
  return Object.fromEntries(
    Object.entries(keys).map(([name, { version }]) => [
      `${name}Version`,
      version,
    ]),
  );
}

/** `3`, or `3+1` where a revision reads several keys. */
export function formatVersions(summary: RevisionSummary): string {
  return Object.entries<unknown>({ ...summary })
    .filter(([name]) => name.endsWith("Version") && name !== "configVersion")
    .map(([, version]) => String(version))
    .join("+");
}
