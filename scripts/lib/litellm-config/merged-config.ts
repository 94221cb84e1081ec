import { MAIN, followIncludes } from "../settings/config-files.ts";
import { isMapping } from "./config-view.ts";
import { type ConfigDocument, readDocument } from "./document.ts";
import type { Finding, Path, Problem } from "./finding.ts";

/** A YAML file of a config. */
export interface Source {
  name: string;
  /** How findings name it. */
  file: string;
  text: string;
  document: ConfigDocument;
}

/** A config and what it includes, as the one that LiteLLM makes of them. */
export interface MergedConfig {
  /** In the order in which LiteLLM reads them, the config itself first. */
  sources: readonly [Source, ...Source[]];
  /** Undefined where a file of it cannot be read. */
  value: unknown;
  /** Where a place in `value` stands. */
  locate(problem: Problem): Finding;
  /** Sections of which LiteLLM takes a later file's alone. */
  replaced: { key: string; source: Source; before: Source }[];
}

type Text = Pick<Source, "name" | "file" | "text">;

/** What a section comes from: a file, and in a list the position from which on. */
interface Part {
  source: Source;
  start: number;
}

/** `others`: what lies beside the config, included or not. */
export function mergeConfig(
  main: Omit<Text, "name">,
  others: readonly Text[],
): MergedConfig {
  const first = open({ name: MAIN, ...main });
  const sources = [first, ...openIncluded(first, others)] as const;
  const merged: Record<string, unknown> = {};
  const parts = new Map<string, Part[]>();
  const replaced: MergedConfig["replaced"] = [];
  for (const source of sources) {
    for (const [key, value] of sectionsOf(source)) {
      const before = merged[key];
      const earlier = parts.get(key) ?? [];
      if (Array.isArray(before) && Array.isArray(value)) {
        parts.set(key, [...earlier, { source, start: before.length }]);
        merged[key] = [...(before as unknown[]), ...(value as unknown[])];
        continue;
      }
      const last = earlier.at(-1)?.source;
      if (last !== undefined) replaced.push({ key, source, before: last });
      parts.set(key, [{ source, start: 0 }]);
      merged[key] = value;
    }
  }
  const { value } = first.document;
  const isReadable = sources.every(
    ({ document }) => document.value !== undefined,
  );
  return {
    sources,
    replaced,
    value: !isReadable ? undefined : isMapping(value) ? merged : value,
    locate: (problem) => {
      const { source, path } = findOrigin(problem.path, parts) ?? {
        source: first,
        path: problem.path,
      };
      const located = source.document.locate({ ...problem, path });
      return { file: source.file, ...located };
    },
  };
}

function open(text: Text): Source {
  return { ...text, document: readDocument(text.text) };
}

function openIncluded(main: Source, others: readonly Text[]): Source[] {
  const opened = new Map<string, Source>();
  followIncludes((name) => {
    if (name === MAIN) return main.document.value;
    const text = others.find((other) => other.name === name);
    if (text === undefined) return undefined;
    const source = open(text);
    opened.set(name, source);
    return source.document.value;
  });
  return [...opened.values()];
}

/** What a file says, but for what it includes. A file that is no mapping says nothing. */
function sectionsOf({ document }: Source): [string, unknown][] {
  const { value } = document;
  if (!isMapping(value)) return [];
  return Object.entries(value).filter(([key]) => key !== "include");
}

function findOrigin(
  path: Path,
  parts: ReadonlyMap<string, readonly Part[]>,
): { source: Source; path: Path } | undefined {
  const [key = "", index, ...rest] = path;
  const found = parts.get(String(key)) ?? [];
  const at = typeof index === "number" ? index : 0;
  const part = found.findLast(({ start }) => start <= at);
  if (part === undefined) return undefined;
  const { source, start } = part;
  if (typeof index !== "number") return { source, path };
  return { source, path: [key, index - start, ...rest] };
}
