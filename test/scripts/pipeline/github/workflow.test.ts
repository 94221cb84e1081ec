import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { renderWorkflow } from "../../../../scripts/lib/pipeline/github/workflow.ts";
import { placeFor, stages } from "../../../support/pipeline-states.ts";

interface Job {
  if?: string;
  permissions?: Record<string, string>;
  steps: { uses?: string; run?: string; with?: Record<string, string> }[];
}

const template = readFileSync("config/github-release.yml", "utf8");
const text = renderWorkflow(template, placeFor(stages), {
  projectNumber: "100",
  env: "dev",
  source: { owner: "team", name: "gateway", branch: "main", ids: undefined },
});
const { permissions, jobs } = parse(text) as {
  permissions: Record<string, string>;
  jobs: { check: Job; release: Job };
};

test("is filled in, and holds no key", () => {
  expect(text).not.toContain("{{P");
  expect(text).not.toContain("secrets.");
  expect(text).toContain(
    "projects/100/locations/global/workloadIdentityPools/litellm-github/providers/github",
  );
  expect(text).toContain(
    'TOOLS_IMAGE: "us-central1-docker.pkg.dev/my-project/litellm/tools:${{ github.sha }}"',
  );
});

test("gives a Google identity to pushes only, once npm has run", () => {
  expect(permissions).toEqual({ contents: "read" });
  expect(jobs.check.permissions).toBeUndefined();
  expect(jobs.release.if).toBe("github.event_name == 'push'");
  expect(jobs.release.permissions).toEqual({
    contents: "read",
    "id-token": "write",
  });
  const steps = jobs.release.steps.map((step) => step.uses ?? step.run ?? "");
  const login = steps.findIndex((s) =>
    s.startsWith("google-github-actions/auth"),
  );
  expect(steps.indexOf("npm ci")).toBeLessThan(login);
  expect(steps.at(-1)).toBe('npx tsx scripts/release.ts "dev" --yes');
});

test("pins each action by its commit, as this project's own workflow does", () => {
  const own = readFileSync(".github/workflows/ci.yml", "utf8");
  const uses = [...text.matchAll(/uses: (([\w-]+\/[\w-]+)@.+)/g)];
  expect(uses.length).toBeGreaterThan(0);
  for (const [, action = "", name = ""] of uses) {
    expect(action).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    if (own.includes(`${name}@`)) expect(own).toContain(action);
  }
  expect(text).toContain(/version: .*/.exec(own)?.[0]);
});
