import { refusal } from "./refusal.ts";

const MAXIMUM_LABELS = 64;
const LONGEST_DESCRIPTION = 255;

export interface Metadata {
  description?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** What a client may say about any resource. Throws INVALID_ARGUMENT. */
export function readMetadata(sent: Metadata): Metadata {
  const { description, labels, annotations } = sent;
  if (description !== undefined && description.length > LONGEST_DESCRIPTION) {
    throw refusal(
      `description must be at most ${LONGEST_DESCRIPTION} characters`,
    );
  }
  if (labels) requireLabels(labels);
  if (annotations) requireAnnotations(annotations);
  return {
    ...(description !== undefined && { description }),
    ...(annotations && { annotations }),
    ...(labels && { labels }),
  };
}

function requireLabels(labels: Record<string, string>): void {
  const entries = Object.entries(labels);
  if (entries.length > MAXIMUM_LABELS) {
    throw refusal(`a resource can have at most ${MAXIMUM_LABELS} labels`);
  }
  for (const [key, value] of entries) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      throw refusal(`invalid label key "${key}"`);
    }
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) {
      throw refusal(`invalid value "${value}" of label "${key}"`);
    }
  }
}

function requireAnnotations(annotations: Record<string, string>): void {
  for (const key of Object.keys(annotations)) {
    const [name = "", prefix] = key.split("/").reverse();
    const isName = /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(name);
    if (!isName || (prefix !== undefined && !/^[a-z0-9.-]+$/.test(prefix))) {
      throw refusal(`invalid annotation key "${key}"`);
    }
  }
}
