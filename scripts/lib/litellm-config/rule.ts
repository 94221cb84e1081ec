import type { ConfigView } from "./config-view.ts";
import type { Path, Problem } from "./finding.ts";

export type Mode = "vertex" | "apikey";

export interface RuleContext {
  mode: Mode;
  /** Names in the environment of the service. */
  provided: ReadonlySet<string>;
  /** The texts of what lies beside it, by name; undefined: it comes alone. */
  files: ReadonlyMap<string, string> | undefined;
  /** The env that deploys it; undefined: any may, with values of its own. */
  env: string | undefined;
  /** Whose service account calls Vertex AI; undefined as well where any env may deploy it. */
  projectId: string | undefined;
  /** YYYY-MM-DD. */
  today: string;
}

/** One idea of what can be wrong with a config. */
export type Rule = (config: ConfigView, context: RuleContext) => Problem[];

/** Every string in a value, keys left out, with its place. */
export function* walkStrings(
  value: unknown,
  path: Path = [],
): Generator<{ text: string; path: Path }> {
  if (typeof value === "string") {
    yield { text: value, path };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* walkStrings(item, [...path, index]);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield* walkStrings(item, [...path, key]);
    }
  }
}
