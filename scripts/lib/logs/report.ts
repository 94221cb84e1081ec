import { styleText } from "node:util";
import type { LogLine } from "./entry.ts";

const COLOURS = {
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: "red",
  ALERT: "red",
  EMERGENCY: "red",
} as const;

const SEVERITY_WIDTH = 8;

/** `2026-11-27 21:10:03 INFO     abc1234 POST /v1/chat/completions 200 812 ms`. `service`: what all revisions begin with tells nothing. */
export function formatLine(
  { time, severity, revision, request, message }: LogLine,
  service: string,
  stream: NodeJS.WriteStream,
): string {
  const clock = time.replace(/^(.{10})T(.{8}).*$/, "$1 $2");
  const colour = (COLOURS as Partial<Record<string, "yellow" | "red">>)[
    severity
  ];
  const padded = severity.padEnd(SEVERITY_WIDTH);
  const shown =
    colour === undefined ? padded : styleText(colour, padded, { stream });
  const from = revision.replace(`${service}-`, "");
  return `${clock} ${shown} ${from} ${request === null ? message : formatRequest(request)}`;
}

function formatRequest({
  method,
  path,
  status,
  milliseconds,
}: NonNullable<LogLine["request"]>): string {
  return `${method} ${path} ${String(status)} ${String(milliseconds)} ms`;
}
