import { wrapWords } from "../cli/wrap.ts";
import type { Finding } from "./finding.ts";

const WIDTH = 78;

/** `file:line:column: error: message`, as compilers print it, and how to mend it below. */
export function formatFinding(finding: Finding): string {
  const { file, line, column, severity, message, hint } = finding;
  const place = `${file}:${line}:${column}`;
  const [first = "", ...more] = wrapWords(
    `${place}: ${severity}: ${message}`,
    WIDTH,
  );
  const indented = [...more, ...wrapWords(`hint: ${hint}`, WIDTH)];
  return [first, ...indented.map((text) => `  ${text}`)].join("\n");
}

/** `2 errors, 1 warning`. */
export function formatCounts(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const counts = [
    formatCount(errors, "error"),
    formatCount(findings.length - errors, "warning"),
  ].filter((text) => text !== undefined);
  return counts.length === 0 ? "no findings" : counts.join(", ");
}

function formatCount(number: number, noun: string): string | undefined {
  if (number === 0) return undefined;
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
