import type { Service } from "../manifest/knative.ts";
import { withoutGoogles } from "../manifest/googles-fields.ts";

/**
 * What guards and limits a service whatever revision serves: its annotations,
 * by name. The prefix is Cloud Run's: others do nothing.
 */
export type OwnFields = Readonly<Record<string, string>>;

const PREFIX = "run.googleapis.com/";
export const INGRESS = `${PREFIX}ingress`;
export const INVOKER_OPEN = `${PREFIX}invoker-iam-disabled`;
export const MIN_SCALE = `${PREFIX}minScale`;
export const MAX_SCALE = `${PREFIX}maxScale`;

/** What Cloud Run does where an annotation is missing ("Service YAML reference"). */
const DEFAULTS: OwnFields = {
  [INGRESS]: "all",
  [INVOKER_OPEN]: "false",
  [MIN_SCALE]: "0",
  [`${PREFIX}default-url-disabled`]: "false",
};

export function ownFieldsOf({
  metadata,
}: Pick<Service, "metadata">): OwnFields {
  return Object.fromEntries(
    Object.entries(withoutGoogles(metadata.annotations)).filter(([name]) =>
      name.startsWith(PREFIX),
    ),
  );
}

/** `run.googleapis.com/ingress: all → internal`, one a field that differs. */
export function listOwnChanges(from: OwnFields, to: OwnFields): string[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) => {
    const before = valueOf(from, name);
    const after = valueOf(to, name);
    return before === after
      ? []
      : [`${name}: ${before ?? "(not set)"} → ${after ?? "(not set)"}`];
  });
}

export function valueOf(fields: OwnFields, name: string): string | undefined {
  return fields[name] ?? DEFAULTS[name];
}
