import { styleText } from "node:util";
import { hideSecrets } from "../../cli/hide-secrets.ts";
import { wrapWords } from "../../cli/wrap.ts";
import { type Unread, isUnread } from "../every-env.ts";
import {
  type Changes,
  type FieldChange,
  type FileChange,
  isUnchanged,
} from "./changes.ts";
import { type DiffLine, withContext } from "./line-diff.ts";

/** As many as make the summary ten lines at most. */
const MOST_FIELDS = 5;

const CONTEXT = 2;

/** What a deploy would change, in ten lines at most. */
export function formatSummary(changes: Changes, width: number): string {
  const { env, isDeployed, fields, config, files, byHand, steps } = changes;
  if (isUnchanged(changes)) return `${env}: no changes`;
  const shown = fields.slice(0, MOST_FIELDS).map(summarizeField);
  const more = fields.length - shown.length;
  const count = (number: number, noun: string): string =>
    `${String(number)} ${noun}${number === 1 ? "" : "s"}`;
  const what = isDeployed
    ? `${count(fields.length, "field")} to change`
    : "nothing serves yet: all is new";
  return [
    changes.byRelease
      ? `${env}: ${what}, by a release`
      : `${env}: ${what}, ${count(steps.length, "step")}`,
    ...shown.map((line) => shorten(`  ${line}`, width)),
    ...(more > 0 ? [`  and ${count(more, "more field")}`] : []),
    ...(config === null ? [] : [`  config ${config.from} → ${config.to}`]),
    ...(files.length === 0
      ? []
      : [shorten(`  files: ${files.map(summarizeFile).join(", ")}`, width)]),
    ...(byHand === null
      ? []
      : [
          shorten(
            `  by hand: ${byHand.revision}${byHand.by === null ? "" : `, by ${byHand.by}`}`,
            width,
          ),
        ]),
  ].join("\n");
}

/** The same of several envs, one below the other. */
export function formatSummaries(
  envs: readonly (Changes | Unread)[],
  width: number,
): string {
  return envs
    .map((seen) =>
      isUnread(seen)
        ? [
            ...wrapWords(`${seen.env}: not read: ${seen.error}`, width),
            ...(seen.hint === null
              ? []
              : wrapWords(seen.hint, width - 2).map((line) => `  ${line}`)),
          ].join("\n")
        : formatSummary(seen, width),
    )
    .join("\n");
}

/** Every field, the config line by line, and what is done. */
export function formatDetails(
  changes: Changes,
  stream: NodeJS.WriteStream,
  width: number,
): string {
  const { fields, config, files, dropped, found, steps, byRelease } = changes;
  const sections: [string, string[]][] = [
    ["Fields", fields.flatMap((field) => formatField(field, stream))],
    ["Config", config === null ? [] : formatLines(config.lines, stream)],
    ...files.map((file): [string, string[]] => [
      summarizeFile(file),
      formatLines(file.lines, stream),
    ]),
    ["Added by hand, and not in the new revision", dropped],
    ["Found", found],
    // Of a direct deploy, which the pipeline stands for.
    ["Steps", byRelease ? [] : steps],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) =>
      [
        title,
        ...lines.flatMap((line) =>
          title === "Steps" || title === "Found"
            ? wrapWords(line, width - 4).map(
                (part, i) => `${i === 0 ? "  - " : "    "}${part}`,
              )
            : [`  ${line}`],
        ),
      ].join("\n"),
    )
    .join("\n\n");
}

function summarizeField({ path, from, to, byHand }: FieldChange): string {
  const name = path.replace(/^revision\.(spec\.)?/, "");
  const [before, after] = [listOnly(from, to), listOnly(to, from)].map(
    (values) => (values.length === 0 ? "not set" : values.join(", ")),
  );
  return `${name}: ${before} → ${after}${byHand ? " (by hand)" : ""}`;
}

function summarizeFile({ name, from, to }: FileChange): string {
  if (from === null) return `${name} (new)`;
  return to === null ? `${name} (gone)` : name;
}

function formatField(
  { path, from, to, byHand }: FieldChange,
  stream: NodeJS.WriteStream,
): string[] {
  const paint = (colour: "red" | "green", text: string): string =>
    styleText(colour, text, { stream });
  return [
    `${path}${byHand ? "   (changed by hand, and put back)" : ""}`,
    ...listOnly(from, to).map((value) => paint("red", `- ${value}`)),
    ...listOnly(to, from).map((value) => paint("green", `+ ${value}`)),
  ];
}

/** A value; of a list what the other one has not, and all of it where both have the same in another order. */
function listOnly(value: unknown, other: unknown): string[] {
  if (value === null) return [];
  if (!Array.isArray(value) || !Array.isArray(other)) {
    return [formatValue(value)];
  }
  const [items, others] = [value.map(formatValue), other.map(formatValue)];
  const own = items.filter((item) => !others.includes(item));
  const foreign = others.filter((item) => !items.includes(item));
  return own.length + foreign.length === 0 ? items : own;
}

function formatLines(
  lines: readonly DiffLine[] | null,
  stream: NodeJS.WriteStream,
): string[] {
  if (lines === null) return ["the one that serves cannot be read"];
  return withContext(lines, CONTEXT).map((line) => {
    if (line === undefined) return "…";
    const text = hideSecrets(line.text);
    if (line.kind === "added")
      return styleText("green", `+ ${text}`, { stream });
    if (line.kind === "removed")
      return styleText("red", `- ${text}`, { stream });
    return `  ${text}`;
  });
}

/** The same for what is the same: Cloud Run answers with keys in an order of its own. */
function formatValue(value: unknown): string {
  const text =
    typeof value === "string" ? value : JSON.stringify(value, sortKeys);
  return hideSecrets(text);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function shorten(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
