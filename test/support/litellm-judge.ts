import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ensureLitellm } from "../../emulator/machine/litellm/environment.ts";
import { listReferences } from "../../scripts/lib/settings/named-variables.ts";

const SCRIPT = path.join(import.meta.dirname, "litellm-judge.py");

/** What the service gives LiteLLM, in both modes, beside what the config names. */
const ENVIRONMENT = {
  LITELLM_LOCAL_MODEL_COST_MAP: "True",
  LITELLM_LOG: "ERROR",
  LITELLM_MODE: "PRODUCTION",
  LITELLM_MASTER_KEY: "sk-this-key-is-only-for-this-test",
  PROJECT_ID: "demo-litellm",
  REGION: "global",
};

/** What LiteLLM itself makes of a config. */
export interface Verdict {
  /** Why it does not start; null where it does. */
  reason: string | null;
  /** The names of the deployments and guardrails that it starts without. */
  left_out: string[];
}

/** LiteLLM's verdict on each config. */
export async function judgeConfigs(
  texts: readonly string[],
): Promise<Verdict[]> {
  return withDirectory(async (directory) => {
    const files = texts.map((_, index) =>
      path.join(directory, `config-${String(index)}.yaml`),
    );
    for (const [index, file] of files.entries()) {
      await writeFile(file, texts[index] ?? "");
    }
    return judgeFiles(files);
  });
}

/** The same for configs that may have files beside them, each by its path. */
export async function judgeFiles(files: readonly string[]): Promise<Verdict[]> {
  const { python } = await ensureLitellm(() => undefined);
  const cases = await Promise.all(
    files.map(async (config) => {
      const environment = provide(await readFile(config, "utf8"));
      return JSON.stringify({ config, environment });
    }),
  );
  return withDirectory(async (home) => {
    const lines = await runJudge(python, cases, home);
    return lines.map((line) => JSON.parse(line) as Verdict);
  });
}

async function withDirectory<T>(
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "litellm-judge-"));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What an env, or Secret Manager, gives the service because the config names it. */
function provide(text: string): Record<string, string> {
  return Object.fromEntries(
    listReferences(text)
      .filter((name) => !(name in ENVIRONMENT))
      .map((name) => [name, inventValue(name)]),
  );
}

/** Nothing listens there. */
function inventValue(name: string): string {
  if (name.endsWith("PORT")) return "1";
  return name.endsWith("HOST") ? "127.0.0.1" : "only-for-this-test";
}

function runJudge(
  python: string,
  cases: readonly string[],
  home: string,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      python,
      [SCRIPT],
      {
        cwd: home,
        env: { PATH: process.env.PATH, HOME: home, ...ENVIRONMENT },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const lines = stdout.split("\n").filter(Boolean);
        if (error === null && lines.length === cases.length) resolve(lines);
        else reject(new Error(stderr, { cause: error }));
      },
    );
    child.stdin?.end(cases.map((one) => `${one}\n`).join(""));
  });
}
