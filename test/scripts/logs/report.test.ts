import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { formatLine } from "../../../scripts/lib/logs/report.ts";

const STREAM = new PassThrough() as unknown as NodeJS.WriteStream;

const LINE = {
  time: "2026-11-27T21:10:03.123Z",
  severity: "INFO",
  revision: "litellm-proxy-abc1234",
  request: null,
  message: "a line of LiteLLM's that has more words than fit\n  and a second",
};

function show(width: number): string[] {
  return formatLine(LINE, "litellm-proxy", STREAM, width).split("\n");
}

test("a line of the log goes through a pipe as it came", () => {
  expect(show(Infinity)).toEqual([
    "2026-11-27 21:10:03 INFO     abc1234 a line of LiteLLM's that has more words than fit",
    "  and a second",
  ]);
});

test("on a terminal it breaks between words, and below what it begins with where that leaves no room", () => {
  expect(show(60)).toEqual([
    "2026-11-27 21:10:03 INFO     abc1234 a line of LiteLLM's",
    "                                     that has more words",
    "                                     than fit",
    "                                       and a second",
  ]);
  expect(show(40)).toEqual([
    "2026-11-27 21:10:03 INFO     abc1234",
    "  a line of LiteLLM's that has more",
    "  words than fit",
    "    and a second",
  ]);
});
