import type { Notebook } from "./notebook.ts";
import { isConfirmed } from "./question.ts";

/** What was run, and with what. */
export interface Circumstances {
  date: string;
  commit: string;
  gcloud: string;
  region: string;
  mode: string;
  image: string;
  pipeline: boolean;
}

/** The notebook as Markdown, to be pasted into an issue. */
export function formatReport(
  circumstances: Circumstances,
  { records, observations }: Pick<Notebook, "records" | "observations">,
): string {
  const refuted = observations.filter((one) => !isConfirmed(one));
  const failed = records.filter(({ failure }) => failure !== undefined);
  return [
    "# Acceptance against Google",
    "",
    `${String(observations.length - refuted.length)} beliefs confirmed, ${String(refuted.length)} refuted; ${String(records.length - failed.length)} steps done, ${String(failed.length)} failed.`,
    "",
    ...table(
      ["", ""],
      Object.entries(circumstances).map(([name, value]) => [
        name,
        String(value),
      ]),
    ),
    "",
    "## Steps",
    "",
    ...table(
      ["step", "outcome", "seconds"],
      records.map(({ title, seconds, failure }) => [
        title,
        failure === undefined ? "done" : "failed",
        String(seconds),
      ]),
    ),
    "",
    "## Beliefs (emulator/beliefs.md)",
    "",
    ...table(
      ["belief", "asked", "verdict", "rehearsed", "Google"],
      observations.map((one) => [
        one.belief,
        one.question,
        isConfirmed(one) ? "confirmed" : "**refuted**",
        one.rehearsed,
        one.real,
      ]),
    ),
    ...failed.flatMap(({ title, failure = "" }) => [
      "",
      `## Failed: ${title}`,
      "",
      "```text",
      lastLines(failure),
      "```",
    ]),
    "",
  ].join("\n");
}

const MOST_LINES = 40;

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-MOST_LINES).join("\n");
}

function table(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map(toCell).join(" | ")} |`,
  );
}

function toCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
