import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";

const SCRIPT = path.join(import.meta.dirname, "litellm-judge.py");

/** The environment that the service gives LiteLLM, in both modes. */
const ENVIRONMENT = {
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
  LITELLM_LOG: "ERROR",
  LITELLM_MODE: "PRODUCTION",
  LITELLM_MASTER_KEY: "sk-this-key-is-only-for-this-test",
  PROJECT_ID: "demo-litellm",
  REGION: "global",
  GEMINI_API_KEY: "only-for-this-test",
};

/** For each config why LiteLLM itself does not start with it; null where it does. */
export async function judgeConfigs(
  texts: readonly string[],
): Promise<(string | null)[]> {
  const { python } = await ensureLitellm(() => undefined);
  const directory = await mkdtemp(path.join(os.tmpdir(), "litellm-judge-"));
  try {
    const files = texts.map((_, index) =>
      path.join(directory, `config-${index}.yaml`),
    );
    for (const [index, file] of files.entries()) {
      await writeFile(file, texts[index] ?? "");
    }
    const lines = await runJudge(python, files, directory);
    return lines.map((line) => JSON.parse(line) as string | null);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same for configs that have their files beside them, each by its path. */
export async function judgeFiles(
  files: readonly string[],
): Promise<(string | null)[]> {
  const { python } = await ensureLitellm(() => undefined);
  const home = await mkdtemp(path.join(os.tmpdir(), "litellm-judge-"));
  try {
    const lines = await runJudge(python, files, home);
    return lines.map((line) => JSON.parse(line) as string | null);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function runJudge(
  python: string,
  files: readonly string[],
  home: string,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      python,
      [SCRIPT],
      { env: { PATH: process.env.PATH, HOME: home, ...ENVIRONMENT } },
      (error, stdout, stderr) => {
        const lines = stdout.split("\n").filter(Boolean);
        if (error === null && lines.length === files.length) resolve(lines);
        else reject(new Error(stderr, { cause: error }));
      },
    );
    child.stdin?.end(files.map((file) => `${file}\n`).join(""));
  });
}
