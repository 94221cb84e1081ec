import { type Document, type LineCounter, isMap, isScalar, visit } from "yaml";
import { SECRET_SHAPES } from "../cli/hide-secrets.ts";
import { KEYS, variablesOf } from "../settings/keys.ts";
import { isSecretName } from "../settings/secret-names.ts";

/** A secret that stands in the manifest. */
export interface LiteralSecret {
  line: number;
  /** `LITELLM_MASTER_KEY is written into the file`. */
  what: string;
}

/** The first secret of a manifest: a variable of that name with its value, or what looks like one, in comments too. */
export function findLiteralSecret(
  text: string,
  document: Document,
  lines: LineCounter,
): LiteralSecret | undefined {
  const found = [
    ...findValues(document, lines),
    ...SECRET_SHAPES.flatMap(([pattern, what]) =>
      [...text.matchAll(pattern)].map(({ index }) => ({
        line: lines.linePos(index).line,
        what: `this looks like ${what}`,
      })),
    ),
  ];
  return found.sort((a, b) => a.line - b.line)[0];
}

function findValues(document: Document, lines: LineCounter): LiteralSecret[] {
  const names = KEYS.flatMap(variablesOf);
  const found: LiteralSecret[] = [];
  visit(document, {
    Map(_, map) {
      const name = map.get("name");
      const value = map.get("value", true);
      if (typeof name !== "string" || isMap(value)) return;
      if (!names.includes(name) && !isSecretName(name)) return;
      if (!isScalar(value) || value.value === "" || value.value === null) {
        return;
      }
      const line = lines.linePos(value.range?.[0] ?? 0).line;
      found.push({ line, what: `${name} is written into the file` });
    },
  });
  return found;
}
