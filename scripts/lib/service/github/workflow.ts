import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Confirmation } from "../../cli/confirm.ts";
import { hereDocument } from "../../google/gcloud.ts";
import type { Step } from "../../plan/step.ts";
import { diffLines, withContext } from "../changes/line-diff.ts";

/** A workflow of the repository. */
export interface Workflow {
  /** `.github/workflows/release.yml`. */
  file: string;
  /** What it is made from: its `{{NAMES}}` are filled in. */
  template: string;
  values: Readonly<Record<string, string>>;
  /** The command that makes it. */
  madeBy: string;
}

/** Its text, with the first two lines of the template in other words. */
export function renderWorkflow({ template, values, madeBy }: Workflow): string {
  const text = readFileSync(template, "utf8").replace(
    /^#.*\n#.*\n/,
    `# Made by ${madeBy}; docs/github-actions.md says as whom it runs.\n`,
  );
  return text.replaceAll(/\{\{([A-Z_]+)\}\}/g, (all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template}: ${all}`);
    return value;
  });
}

/** The step that writes it, and the question before that; nothing where it is as it is to be. `command`: what was typed. */
export function planWorkflow(
  workflow: Workflow,
  command: string,
): { steps: Step[]; confirmation: Confirmation | undefined } {
  const { file } = workflow;
  const wanted = renderWorkflow(workflow);
  const found = readWorkflow(file);
  if (wanted === found) return { steps: [], confirmation: undefined };
  return {
    steps: [writeWorkflow(file, wanted)],
    confirmation: confirmWorkflow({ file, wanted, found }, command),
  };
}

/** Undefined where there is none. */
function readWorkflow(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function writeWorkflow(file: string, text: string): Step {
  const directory = path.dirname(file);
  return {
    title: `Write ${file}`,
    preview: `mkdir -p ${directory} && cat >${file} ${hereDocument(text)}`,
    run: () => {
      mkdirSync(directory, { recursive: true });
      writeFileSync(file, text);
      return Promise.resolve();
    },
  };
}

/** With what is written: a file that is there is shown as what changes of it. */
function confirmWorkflow(
  {
    file,
    wanted,
    found,
  }: { file: string; wanted: string; found: string | undefined },
  command: string,
): Confirmation {
  const diff = withContext(diffLines(found ?? "", wanted), 2);
  const marks = { same: " ", removed: "-", added: "+" };
  const lines = diff.map((line) =>
    line === undefined ? "…" : `${marks[line.kind]} ${line.text}`,
  );
  return {
    list: [
      [
        found === undefined ? `${file} (new)` : `${file}, which differs`,
        ...lines.map((line) => `    ${line}`),
      ].join("\n"),
    ],
    question:
      found === undefined
        ? "Set up, and write this file?"
        : "Set up, and change this file?",
    what: "workflow file",
    command,
  };
}
