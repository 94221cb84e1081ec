import type { Metadata, RevisionSpec } from "./knative.ts";

/** The fields of a service, or of a revision, that a manifest says something about. */
export interface Fields {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  spec?: RevisionSpec;
}

export function fieldsOf(
  metadata: Partial<Metadata> | undefined,
  spec?: RevisionSpec,
): Fields {
  const { labels = {}, annotations = {} } = metadata ?? {};
  return { labels, annotations, ...(spec !== undefined && { spec }) };
}

/** Every path: `annotations[run.googleapis.com/ingress]`, `spec.containers[0].env[1]`. */
export function listPaths(fields: Fields): string[] {
  return walk("", fields).map(({ path }) => path);
}

/** Paths of what holds nothing further. A list of plain values is one. */
export function listLeaves(fields: Fields): string[] {
  return walk("", fields)
    .filter(({ isLeaf }) => isLeaf)
    .map(({ path }) => path);
}

interface Found {
  path: string;
  isLeaf: boolean;
}

function walk(path: string, value: unknown): Found[] {
  const children = childrenOf(path, value);
  const below = children.flatMap((child) => walk(child.path, child.value));
  return path === ""
    ? below
    : [{ path, isLeaf: children.length === 0 }, ...below];
}

function childrenOf(
  path: string,
  value: unknown,
): { path: string; value: unknown }[] {
  if (Array.isArray(value)) {
    return value.every((item) => isObject(item))
      ? value.map((item, index) => ({
          path: `${path}[${String(index)}]`,
          value: item,
        }))
      : [];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, child]) => ({
    path: pathOf(path, key),
    value: child,
  }));
}

/** Names of labels and annotations stand in brackets: they have dots of their own. */
export function pathOf(path: string, key: string): string {
  if (path === "") return key;
  return path === "labels" || path === "annotations"
    ? `${path}[${key}]`
    : `${path}.${key}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
