import { expect, test } from "vitest";
import { requireOfEnv } from "../../../scripts/lib/pipeline/usage.ts";

function require(given: Record<string, string | true>): void {
  requireOfEnv(
    {
      value: (name) => {
        const value = given[name];
        return value === true ? undefined : value;
      },
      flag: (name) => given[name] === true,
    },
    "staging",
  );
}

test.each([
  [{ alerts: "ann@example.com" }],
  [{ ci: "github", github: "team/gateway" }],
  [{ ci: "github", remove: true as const }],
  [{ remove: true as const }],
])("of one env %j is set up, or taken away", (given) => {
  expect(() => {
    require(given);
  }).not.toThrow();
});

test.each([
  [{}, "nothing says which"],
  [{ build: true }, "--build is about the pipeline"],
  [{ repository: "projects/…" }, "--repository is about the pipeline"],
  [{ github: "team/gateway" }, "add --ci=github"],
  [{ ci: "github", alerts: "ann@example.com" }, "give one of them"],
])("of one env %j is refused", (given, problem) => {
  expect(() => {
    require(given as Record<string, string | true>);
  }).toThrow(problem);
});
