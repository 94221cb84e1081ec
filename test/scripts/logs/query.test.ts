import { describe, expect, test } from "vitest";
import type { Arguments } from "../../../scripts/lib/cli/run-script.ts";
import { formatFilter, parseQuery } from "../../../scripts/lib/logs/query.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const PLACE = {
  projectId: "my-project",
  region: "us-central1",
  service: "litellm-proxy",
};

function args(values: Record<string, string>): Arguments {
  return {
    positionals: [],
    flag: () => false,
    values: () => [],
    value: (name) => values[name],
  };
}

function filterOf(values: Record<string, string>): string {
  const query = parseQuery(args(values), NOW);
  return formatFilter(PLACE, query, query.since).replace(
    /^.*location="us-central1" AND /,
    "",
  );
}

describe("a query", () => {
  test.each([
    [{}, 'timestamp>="2026-11-27T11:00:00.000Z"'],
    [{ since: "30m" }, 'timestamp>="2026-11-27T11:30:00.000Z"'],
    [{ since: "2d" }, 'timestamp>="2026-11-25T12:00:00.000Z"'],
    [
      { since: "2026-11-27T01:00:00+01:00" },
      'timestamp>="2026-11-27T00:00:00.000Z"',
    ],
    [
      { status: "4xx" },
      'timestamp>="2026-11-27T11:00:00.000Z" AND httpRequest.status>=400 AND httpRequest.status<500',
    ],
    [
      { status: "429" },
      'timestamp>="2026-11-27T11:00:00.000Z" AND httpRequest.status=429',
    ],
    [
      { severity: "ERROR" },
      'timestamp>="2026-11-27T11:00:00.000Z" AND (severity>=ERROR OR jsonPayload.level="ERROR" OR jsonPayload.level="CRITICAL")',
    ],
    [
      { revision: "abc1234" },
      'timestamp>="2026-11-27T11:00:00.000Z" AND resource.labels.revision_name="litellm-proxy-abc1234"',
    ],
  ])("%j is %s", (values, expected) => {
    expect(filterOf(values as Record<string, string>)).toBe(expected);
  });

  test.each([
    { since: "yesterday" },
    { since: "-1h" },
    { limit: "0" },
    { limit: "many" },
    { status: "40" },
    { status: "6xx" },
    { revision: 'x" OR severity>=DEFAULT' },
  ])("%j is refused", (values) => {
    expect(() => parseQuery(args(values), NOW)).toThrow(/expected/);
  });
});
