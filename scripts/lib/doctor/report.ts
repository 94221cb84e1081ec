import { styleText } from "node:util";
import { pageWidth } from "../cli/terminal.ts";
import { wrapAdvice, wrapBeside } from "../cli/wrap.ts";
import type { Finding } from "./finding.ts";

const STATE_WIDTH = 8;
const COLOURS = { ok: "green", warning: "yellow", problem: "red" } as const;

/** For programs: an array, each with the same members. */
export function formatJson(findings: readonly Finding[]): string {
  const rows = findings.map(({ check, state, detail, mend }) => ({
    check,
    state,
    detail,
    mend: mend ?? null,
  }));
  return JSON.stringify(rows, null, 2);
}

/** One line a finding; what does not fit, and what mends it, below. `stream`: whether it shows colours. */
export function formatFinding(
  { check, state, detail, mend }: Finding,
  stream: NodeJS.WriteStream,
): string {
  const width = pageWidth(stream);
  const mark = styleText(COLOURS[state], state, { stream });
  const pad = " ".repeat(STATE_WIDTH - state.length);
  const indent = " ".repeat(STATE_WIDTH + 2);
  const mends =
    mend === undefined ? [] : wrapAdvice(mend, width - indent.length);
  return [
    ...wrapBeside(`${mark}${pad}`, `${check}: ${detail}`, width),
    ...mends.map((line) => indent + line),
  ].join("\n");
}

/** `17 ok, 1 warning, 2 problems`. */
export function formatSummary(findings: readonly Finding[]): string {
  const count = (state: Finding["state"]): number =>
    findings.filter((finding) => finding.state === state).length;
  const plural = (number: number, noun: string): string =>
    `${number} ${noun}${number === 1 ? "" : "s"}`;
  return [
    `${count("ok")} ok`,
    plural(count("warning"), "warning"),
    plural(count("problem"), "problem"),
  ].join(", ");
}
