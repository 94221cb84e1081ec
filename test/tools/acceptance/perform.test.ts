import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openNotebook } from "../../../tools/acceptance/notebook.ts";
import { perform } from "../../../tools/acceptance/perform.ts";
import { formatReport } from "../../../tools/acceptance/report.ts";
import type { Scene } from "../../../tools/acceptance/scene.ts";
import type { Step } from "../../../tools/acceptance/step.ts";
import { envWith } from "../../support/pipeline-states.ts";

const projects = [{ projectId: "my-project", projectNumber: "123456789012" }];

let directory: string;
let played: string[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "acceptance-"));
  played = [];
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** What `printf` prints stands for Google's answer. */
const scene: Scene = {
  env: "dev",
  settings: envWith("dev"),
  script: () => Promise.reject(new Error("no script here")),
  tryScript: () => Promise.reject(new Error("no script here")),
  gcloud: ([stdout = ""]) =>
    Promise.resolve({ exitCode: 0, stdout, stderr: "" }),
  edit: () => Promise.resolve(),
};

function step(id: string, more: Partial<Step> = {}): Step {
  return {
    id,
    title: `Step ${id}`,
    run: () => {
      played.push(id);
      return Promise.resolve();
    },
    ...more,
  };
}

function fails(id: string, why: string): Step {
  return step(id, { run: () => Promise.reject(new Error(why)) });
}

function play(steps: Step[], removal: Step[]) {
  const notebook = openNotebook(directory);
  const stage = { scene, afterwards: scene, notebook, projects };
  return perform({ steps, removal }, stage);
}

function report(): string {
  const circumstances = {
    date: "2026-11-28",
    commit: "0123",
    gcloud: "Google Cloud SDK 528.0.0",
    region: "us-central1",
    mode: "vertex",
    image: "docker.io/litellm/litellm:v1",
    pipeline: false,
  };
  return formatReport(circumstances, openNotebook(directory));
}

test("after a failure nothing more is tried, and everything is removed", async () => {
  const outcome = await play(
    [
      step("one"),
      fails("two", "no my-project for ann@example.com"),
      step("three"),
    ],
    [fails("first", "sk-0123456789abcdef0123 stays"), step("last")],
  );
  expect(outcome).toEqual({ passed: false, removed: false });
  expect(played).toEqual(["one", "last"]);
  expect(report()).toContain("no PROJECT for ACCOUNT");
  expect(report()).not.toContain("sk-0123");
});

test("a run that was ended is gone on with, and only removes where that had begun", async () => {
  await play([step("one"), fails("two", "killed")], []);
  await play(
    [step("one"), step("two"), fails("three", "no")],
    [fails("clean", "no")],
  );
  expect(played).toEqual(["one", "two"]);

  await play([step("three")], [step("clean")]);
  expect(played).toEqual(["one", "two", "clean"]);
});

test("what Google answers stands beside what the emulator does", async () => {
  const question = {
    belief: "secrets",
    question: "What is it?",
    read: ({ stdout }: { stdout: string }) => stdout,
    rehearsed: "projects/NUMBER",
  };
  await play(
    [
      step("one", {
        questions: [
          { ...question, ask: () => ["projects/123456789012"] },
          { ...question, ask: () => ["something | else"] },
        ],
      }),
    ],
    [],
  );
  expect(report()).toContain("1 beliefs confirmed, 1 refuted");
  expect(report()).toMatch(
    /\| secrets \| What is it\? \| \*\*refuted\*\* \| projects\/NUMBER \| something \\\| else \|/,
  );
});
