import { styleText } from "node:util";
import { type Screen, WIDEST, pageWidth } from "../cli/terminal.ts";
import type { CheckResult, VerifyReport } from "./target.ts";
import { wrapAdvice, wrapWords } from "../cli/wrap.ts";

const INDENT = "      ";
const CHECK_WIDTH = 20;
const SUBJECT_WIDTH = 42;

export interface ReportStyle {
  colour: boolean;
  /** Columns. */
  width: number;
}

/** Colour is for terminals, and not for those who asked for none (no-color.org). */
export function chooseStyle(
  stream: Screen,
  env: Readonly<Record<string, string | undefined>>,
): ReportStyle {
  return {
    colour: stream.isTTY === true && (env.NO_COLOR ?? "") === "",
    width: pageWidth(stream),
  };
}

/** The whole table. To show results as they come: formatResult for each, formatClosing at the end. */
export function formatReport(report: VerifyReport, style: ReportStyle): string {
  return [
    report.url,
    ...report.results.map((result) => formatResult(result, style)),
    formatClosing(report, style),
  ].join("\n");
}

/** For programs: the report as it is. */
export function formatJson(report: VerifyReport): string {
  return JSON.stringify(report, null, 2);
}

/** One row of the table, and what was seen below it where that needs more room: on a terminal that is too narrow, all of it. */
export function formatResult(result: CheckResult, style: ReportStyle): string {
  const { detail, subject } = result;
  const room = style.width < WIDEST ? 0 : SUBJECT_WIDTH;
  const fits = subject === undefined && detail.length <= room;
  const beside = fits ? detail : (subject ?? "");
  const row = [
    formatMark(result, style),
    result.check.padEnd(CHECK_WIDTH),
    ...(room === 0 ? [] : [cut(beside, room).padEnd(room)]),
    result.skipped === true ? "" : `${result.milliseconds} ms`.padStart(9),
  ];
  const told = fits || (result.ok && subject !== undefined);
  const notes = [
    ...(room === 0 && subject !== undefined ? [subject] : []),
    ...(told ? [] : wrapWords(detail, style.width - INDENT.length)),
    ...formatRetries(result.retries),
  ];
  return [row.join(" ").trimEnd(), ...notes.map(indent)].join("\n");
}

/** What to do, each advice once, and what it came to. */
export function formatClosing(
  report: VerifyReport,
  style: ReportStyle,
): string {
  const advice = new Map<string, string[]>();
  for (const { check, subject, hint } of report.results) {
    if (hint === undefined) continue;
    const what = subject === undefined ? check : `${check} ${subject}`;
    advice.set(hint, [...(advice.get(hint) ?? []), what]);
  }
  const paragraphs = [...advice].map(([hint, whats]) =>
    formatAdvice(hint, whats, style),
  );
  return [...paragraphs, formatSummary(report, style)]
    .map((paragraph) => `\n${paragraph}`)
    .join("\n");
}

function formatAdvice(
  hint: string,
  whats: readonly string[],
  { width }: ReportStyle,
): string {
  return [
    ...wrapWords(`${whats.join(", ")}:`, width),
    ...wrapAdvice(hint, width - INDENT.length).map(indent),
  ].join("\n");
}

function formatSummary(report: VerifyReport, style: ReportStyle): string {
  const { litellmVersion: version, stopped } = report;
  const line = [
    `${report.passed} passed`,
    `${report.failed} failed`,
    ...(report.skipped > 0 ? [`${report.skipped} not tried`] : []),
    `${(report.milliseconds / 1000).toFixed(1)} s`,
    `${report.modelCalls} model calls`,
    ...(version === undefined ? [] : [`LiteLLM ${version}`]),
  ].join(", ");
  const rest =
    stopped === undefined ? [] : [`The rest was not tried: ${stopped}.`];
  return [
    paint(line, report.ok ? "green" : "red", style),
    ...formatSpent(report),
    ...rest,
  ].join("\n");
}

/** Tokens and money, where LiteLLM told them. */
function formatSpent({ modelCalls, tokens, cost }: VerifyReport): string[] {
  if (tokens.input + tokens.output + cost.calls === 0) return [];
  const dollars = cost.dollars.toLocaleString("en-US", {
    maximumSignificantDigits: 3,
  });
  return [
    `${tokens.input} tokens in and ${tokens.output} out, as LiteLLM reports them`,
    cost.calls === 0
      ? "LiteLLM told no price of these calls"
      : `${dollars} US dollars by LiteLLM's price list, told of ${cost.calls} of ${modelCalls} calls`,
  ];
}

function formatMark(result: CheckResult, style: ReportStyle): string {
  if (result.ok) return paint("ok   ", "green", style);
  if (result.skipped === true) return paint("skip ", "yellow", style);
  return paint("FAIL ", "red", style);
}

function formatRetries(retries: number | undefined): string[] {
  if (retries === undefined) return [];
  return [retries === 1 ? "after a retry" : `after ${retries} retries`];
}

function indent(line: string): string {
  return `${INDENT}${line}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

function paint(
  text: string,
  colour: "green" | "red" | "yellow",
  style: ReportStyle,
): string {
  if (!style.colour) return text;
  return styleText(colour, text, { validateStream: false });
}
