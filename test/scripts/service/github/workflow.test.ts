import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { toWorkflow as releaseWorkflow } from "../../../../scripts/lib/pipeline/github/plan-github.ts";
import { toWorkflow as deployWorkflow } from "../../../../scripts/lib/service/github/read-deployer.ts";
import type { GithubSource } from "../../../../scripts/lib/service/github/source.ts";
import { renderWorkflow } from "../../../../scripts/lib/service/github/workflow.ts";
import { envWith, placeFor, stages } from "../../../support/pipeline-states.ts";

interface Job {
  if?: string;
  permissions?: Record<string, string>;
  steps: { uses?: string; run?: string; with?: Record<string, string> }[];
}

const source: GithubSource = {
  owner: "team",
  name: "gateway",
  branch: "main",
  ids: undefined,
};

const release = renderWorkflow(
  releaseWorkflow(placeFor(stages), {
    projectNumber: "100",
    env: "dev",
    source,
  }),
);
const deploy = renderWorkflow(deployWorkflow(envWith("dev"), "100", source));

/** The jobs of a workflow: the one for pull requests, and the other. */
function jobsOf(text: string) {
  const { permissions, jobs } = parse(text) as {
    permissions: Record<string, string>;
    jobs: Record<string, Job> & { check: Job };
  };
  const [work] = Object.entries(jobs)
    .filter(([name]) => name !== "check")
    .map(([, job]) => job);
  if (work === undefined) throw new Error("no job but check");
  return { permissions, check: jobs.check, work };
}

test("is filled in, and holds no key", () => {
  for (const text of [release, deploy]) {
    expect(text).not.toContain("{{P");
    expect(text).not.toContain("secrets.");
  }
  const pools = "projects/100/locations/global/workloadIdentityPools";
  expect(release).toContain(`${pools}/litellm-github/providers/github`);
  expect(release).toContain(
    'TOOLS_IMAGE: "us-central1-docker.pkg.dev/my-project/litellm/tools:${{ github.sha }}"',
  );
  expect(deploy).toContain(`${pools}/litellm-deploy-dev/providers/github`);
  expect(deploy).toContain('PROJECT_ID: "my-project"');
});

test.each([
  ["release", release, 'npx tsx scripts/release.ts "dev" --yes'],
  ["deploy", deploy, 'npx tsx scripts/deploy.ts "dev" --yes'],
])(
  "a %s gives a Google identity to pushes only, once npm has run",
  (_what, text, last) => {
    const { permissions, check, work } = jobsOf(text);
    expect(permissions).toEqual({ contents: "read" });
    expect(check.permissions).toBeUndefined();
    expect(work.if).toBe("github.event_name == 'push'");
    expect(work.permissions).toEqual({
      contents: "read",
      "id-token": "write",
    });
    const steps = work.steps.map((step) => step.uses ?? step.run ?? "");
    const login = steps.findIndex((s) =>
      s.startsWith("google-github-actions/auth"),
    );
    expect(steps.indexOf("npm ci")).toBeLessThan(login);
    expect(steps.at(-1)).toBe(last);
  },
);

test("both judge pull requests alike, and get ready alike", () => {
  const [one, other] = [jobsOf(release), jobsOf(deploy)];
  expect(one.check).toEqual(other.check);
  expect(one.work.steps.slice(0, 3)).toEqual(other.work.steps.slice(0, 3));
});

test.each([
  ["release", release],
  ["deploy", deploy],
])(
  "a %s pins each action by its commit, as this project's own workflow does",
  (_what, text) => {
    const own = readFileSync(".github/workflows/ci.yml", "utf8");
    const uses = [...text.matchAll(/uses: (([\w-]+\/[\w-]+)@.+)/g)];
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action = "", name = ""] of uses) {
      expect(action).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      if (own.includes(`${name}@`)) expect(own).toContain(action);
    }
    expect(text).toContain(/version: .*/.exec(own)?.[0]);
  },
);
