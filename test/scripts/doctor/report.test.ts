import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import {
  formatFinding,
  formatSummary,
} from "../../../scripts/lib/doctor/report.ts";
import { ok, problem, warning } from "../../../scripts/lib/doctor/finding.ts";

const PIPE = new PassThrough() as unknown as NodeJS.WriteStream;

test("what does not fit stands below, and a command can still be pasted", () => {
  const finding = problem(
    "to deploy",
    "run.services.create, run.services.update, run.services.setIamPolicy are missing (roles/run.admin)",
    "Whoever administers the project gives it:",
    "gcloud projects add-iam-policy-binding my-project --member=user:bob@example.com --role=roles/run.admin --condition=None",
  );
  expect(formatFinding(finding, PIPE)).toMatchInlineSnapshot(`
    "problem to deploy: run.services.create, run.services.update,
            run.services.setIamPolicy are missing (roles/run.admin)
              Whoever administers the project gives it:
              gcloud projects add-iam-policy-binding my-project \\
                --member=user:bob@example.com --role=roles/run.admin \\
                --condition=None"
  `);
});

test("a summary counts, one and many", () => {
  const findings = [
    ok("a", ""),
    warning("b", ""),
    problem("c", ""),
    problem("d", ""),
  ];
  expect(formatSummary(findings)).toBe("1 ok, 1 warning, 2 problems");
});

test("on a narrow terminal no word is broken", () => {
  const narrow = Object.assign(new PassThrough(), { isTTY: true, columns: 40 });
  const finding = problem(
    "to deploy",
    "run.services.setIamPolicy is missing",
    "Whoever administers the project gives the role.",
  );
  const shown = formatFinding(finding, narrow as unknown as NodeJS.WriteStream);
  expect(stripVTControlCharacters(shown)).toMatchInlineSnapshot(`
    "problem to deploy:
            run.services.setIamPolicy is
            missing
              Whoever administers the
              project gives the role."
  `);
});
