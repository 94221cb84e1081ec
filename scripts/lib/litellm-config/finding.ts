export type Severity = "error" | "warning";

/** Something about a config file that the operator should mend. */
export interface Finding {
  severity: Severity;
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
  /** How to mend it. */
  hint: string;
}

/** Where something stands in a YAML document: keys and list positions (from 0). */
export type Path = readonly (string | number)[];

/** A finding of a rule, which knows the document but not its text. */
export interface Problem {
  severity: Severity;
  path: Path;
  /** Point at the key instead of at its value. */
  at?: "key";
  message: string;
  hint: string;
  /** Places of which it says what is wrong: what is missing there, or stands below, is no finding of its own. */
  explains?: readonly Path[];
  /** Places where what it misses could stand. */
  missing?: readonly Path[];
  /** What several are about that one change mends: they are told as one, in these words. */
  topic?: string;
}

/** A finding, but for its file. */
export type Located = Omit<Finding, "file">;

/** `router_settings.fallbacks[0]`, for messages. */
export function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
