import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Confirmation } from "../../cli/confirm.ts";
import { scriptCommand } from "../../cli/script-command.ts";
import { hereDocument } from "../../google/gcloud.ts";
import type { Step } from "../../plan/step.ts";
import { diffLines, withContext } from "../../service/changes/line-diff.ts";
import { accountEmail } from "../accounts.ts";
import type { PipelinePlace } from "../place.ts";
import { poolName, providerId } from "./federation.ts";
import type { GithubSource } from "./source.ts";

export const WORKFLOW_FILE = ".github/workflows/release.yml";

const TEMPLATE_FILE = "config/github-release.yml";

/** The workflow of one repository. `env`: the pipeline's first stage. */
export function renderWorkflow(
  template: string,
  place: PipelinePlace,
  of: { projectNumber: string; env: string; source: GithubSource },
): string {
  const { projectNumber, env, source } = of;
  const { projectId, images } = place;
  const values: Record<string, string> = {
    BRANCH: source.branch,
    PROJECT_ID: projectId,
    IMAGES: images,
    REGISTRY: images.split("/")[0] ?? "",
    PROVIDER: `${poolName(place, projectNumber)}/providers/${providerId(place).provider}`,
    BUILD_ACCOUNT: accountEmail(projectId, "build"),
    DEPLOYER_ACCOUNT: accountEmail(projectId, "deployer"),
    ENV: env,
  };
  const text = template.replace(
    /^#.*\n#.*\n/,
    `# Made by ${scriptCommand("setup", "--ci=github")}; docs/github-actions.md says as whom it runs.\n`,
  );
  return text.replaceAll(/\{\{([A-Z_]+)\}\}/g, (all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${TEMPLATE_FILE}: ${all}`);
    return value;
  });
}

/** The step that writes it, and the question before that; nothing where it is as it is to be. `command`: what was typed. */
export function planWorkflow(
  place: PipelinePlace,
  of: { projectNumber: string; env: string; source: GithubSource },
  command: string,
): { steps: Step[]; confirmation: Confirmation | undefined } {
  const template = readFileSync(TEMPLATE_FILE, "utf8");
  const wanted = renderWorkflow(template, place, of);
  const found = readWorkflow();
  if (wanted === found) return { steps: [], confirmation: undefined };
  return {
    steps: [writeWorkflow(wanted)],
    confirmation: confirmWorkflow(wanted, found, command),
  };
}

/** Undefined where there is none. */
function readWorkflow(): string | undefined {
  try {
    return readFileSync(WORKFLOW_FILE, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function writeWorkflow(text: string): Step {
  const directory = path.dirname(WORKFLOW_FILE);
  return {
    title: `Write ${WORKFLOW_FILE}`,
    preview: `mkdir -p ${directory} && cat >${WORKFLOW_FILE} ${hereDocument(text)}`,
    run: () => {
      mkdirSync(directory, { recursive: true });
      writeFileSync(WORKFLOW_FILE, text);
      return Promise.resolve();
    },
  };
}

/** With what is written: a file that is there is shown as what changes of it. */
function confirmWorkflow(
  wanted: string,
  found: string | undefined,
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
        found === undefined
          ? `${WORKFLOW_FILE} (new)`
          : `${WORKFLOW_FILE}, which differs`,
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
