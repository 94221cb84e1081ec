import { styleText } from "node:util";
import { wrapBeside } from "../cli/wrap.ts";
import type { LogLine } from "./entry.ts";

const COLOURS = {
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: "red",
  ALERT: "red",
  EMERGENCY: "red",
} as const;

const SEVERITY_WIDTH = 8;

/** `2026-11-27 21:10:03 INFO     abc1234 POST /v1/chat/completions 200 812 ms`. `service`: what all revisions begin with tells nothing. `width`: columns, where `stream` is a terminal. */
export function formatLine(
  { time, severity, revision, request, message }: LogLine,
  service: string,
  stream: NodeJS.WriteStream,
  width: number,
): string {
  const clock = time.replace(/^(.{10})T(.{8}).*$/, "$1 $2");
  const colour = (COLOURS as Partial<Record<string, "yellow" | "red">>)[
    severity
  ];
  const padded = severity.padEnd(SEVERITY_WIDTH);
  const shown =
    colour === undefined ? padded : styleText(colour, padded, { stream });
  const from = revision.replace(`${service}-`, "");
  const label = `${clock} ${shown} ${from} `;
  const text = request === null ? message : formatRequest(request);
  // Without a terminal each line goes as it came.
  if (width === Infinity) return label + text;
  return wrapBeside(label, text, width).join("\n");
}

function formatRequest({
  method,
  path,
  status,
  milliseconds,
}: NonNullable<LogLine["request"]>): string {
  return `${method} ${path} ${String(status)} ${String(milliseconds)} ms`;
}
