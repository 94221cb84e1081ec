import { expect, test } from "vitest";
import {
  formatOptions,
  parseGithubSource,
} from "../../../../scripts/lib/service/github/source.ts";

function parse(values: Record<string, string>) {
  return parseGithubSource({
    value: (name) => values[name],
    flag: () => false,
  });
}

test("names one branch of one repository", () => {
  const source = parse({
    ci: "github",
    github: "team/gateway",
    branch: "release/1",
    "github-ids": "11/22",
  });
  expect(source).toEqual({
    owner: "team",
    name: "gateway",
    branch: "release/1",
    ids: { owner: "11", repository: "22" },
  });
  expect(source && formatOptions(source)).toEqual([
    "--ci=github",
    "--github=team/gateway",
    "--branch=release/1",
    "--github-ids=11/22",
  ]);
  expect(parse({ github: "team/gateway" })).toBeUndefined();
});

test.each([
  [{ ci: "github" }, "--ci=github needs --github=OWNER/REPOSITORY"],
  [{ ci: "github", github: "team/a/b" }, "expected OWNER/REPOSITORY"],
  [{ ci: "github", github: "te'am/a" }, "expected OWNER/REPOSITORY"],
  [{ ci: "github", github: "team/a", branch: "*" }, "the name of one branch"],
  [{ ci: "github", github: "a/b", branch: "a' || '1'" }, "one branch"],
  [{ ci: "github", github: "a/b", "github-ids": "a/b" }, "the numbers"],
  [{ ci: "github", github: "a/b", repository: "projects/…" }, "one of them"],
  [{ branch: "main" }, "--branch and --github-ids go with --ci=github"],
])("refuses %j", (values, problem) => {
  expect(() => parse(values)).toThrow(problem);
});
