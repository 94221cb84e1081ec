import { readFileSync } from "node:fs";

/** A document as a reader meets it. */
export interface Document {
  text: string;
  /** As they are written, in order. */
  headings: string[];
  /** What `#…` may name. */
  anchors: Set<string>;
  /** Where its links lead, as they are written. */
  links: string[];
}

export function readDocument(file: string): Document {
  const text = readFileSync(file, "utf8");
  const prose = withoutFences(text);
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(
    ([, heading = ""]) => heading,
  );
  const ids = [...prose.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return {
    text,
    headings,
    anchors: new Set([...toSlugs(headings), ...ids]),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, target = ""]) => target,
    ),
  };
}

/** The code blocks below a heading, as they stand there; without the indent of a list. */
export function listCode(text: string, heading: string): string[] {
  const [, section = ""] = text.split(`\n## ${heading}\n`);
  const [own = ""] = section.split(/^## /m);
  return [...own.matchAll(/^( *)```\w*\n([^]*?)^ *```$/gm)].map(
    ([, indent = "", code = ""]) =>
      code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

/** Code blocks show what a heading or a link looks like, and are none. */
function withoutFences(text: string): string {
  return text.replaceAll(/^ *```.*\n[^]*?^ *```$/gm, "");
}

/** As GitHub names them: lower case, without punctuation, hyphens for spaces, numbered when it repeats. */
function toSlugs(headings: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${String(before)}`;
  });
}
