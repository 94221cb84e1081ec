import type { Project } from "../../core/cloud.ts";
import { GoogleError } from "../../core/google-error.ts";

/** `field:value` or `field=value`, where `field` may be `labels.KEY`. */
const TERM = /^([a-z][\w.-]*)[:=]("[^"]*"|[^"\s]*)$/i;

/** Stands for the word while words are split. */
const AND = "\0";

/** The fields that a query may name, in lower case; both versions' names of one. */
const FIELDS: Record<string, (project: Project) => string> = {
  id: ({ projectId }) => projectId,
  projectid: ({ projectId }) => projectId,
  name: ({ name }) => name,
  displayname: ({ name }) => name,
  state: () => "ACTIVE",
  lifecyclestate: () => "ACTIVE",
};

/**
 * What `projects.search` and `projects.list` ask for: case does not count, one of the terms is enough unless AND joins them, and `*` stands for
 * any text (discovery documents of Resource Manager v1 and v3). Throws INVALID_ARGUMENT on a term that is not covered.
 */
export function parseProjectQuery(
  query: string | undefined,
): (project: Project) => boolean {
  const joined = (query ?? "")
    .replaceAll(/\(([^()\s]+)\)/g, "$1")
    .replaceAll(/\s+AND\s+/g, AND)
    .trim();
  if (joined === "") return () => true;
  const groups = joined
    .split(/\s+(?:OR\s+)?/)
    .map((group) => group.split(AND).map(parseTerm));
  return (project) =>
    groups.some((group) => group.every((matches) => matches(project)));
}

function parseTerm(term: string): (project: Project) => boolean {
  const [, field = "", text = ""] = TERM.exec(term) ?? [];
  const pattern = toPattern(text.replace(/^"(.*)"$/, "$1"));
  const label = /^labels\.(.+)$/i.exec(field)?.[1];
  if (label !== undefined) {
    return ({ labels }) => {
      const value = labels[label];
      return value !== undefined && pattern.test(value);
    };
  }
  const read = FIELDS[field.toLowerCase()];
  if (read !== undefined) return (project) => pattern.test(read(project));
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `The emulated Google Cloud does not understand the term ${term} of a query for projects.`,
  );
}

function toPattern(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*")}$`, "i");
}
