import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../core/user-error.ts";
import { withFileLock } from "./file-lock.ts";
import { run } from "./process.ts";
import { findPython, makeVirtualEnvironment, type Python } from "./python.ts";
import { ROOT } from "../../core/root.ts";

const HERE = import.meta.dirname;
const CACHE = path.join(ROOT, ".cache");
const LOCK = path.join(HERE, "requirements.txt");
const UV_LOCK = path.join(HERE, "uv.txt");
/** Written last: without it the environment is half made. */
const MARKER = "complete.json";

/** Python keeps the bytecode of what it loads: a quarter of what is installed. Without the network, where LiteLLM would ask for its prices. */
const LOAD =
  "import os; os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] = 'True'; import litellm.proxy.proxy_server";

/** Where the pinned LiteLLM is installed. */
export interface LitellmEnvironment {
  directory: string;
  /** Its own Python; OpenAI's and Google's client libraries are in there too. */
  python: string;
  /** LiteLLM's version, e.g. `1.108.14`. */
  version: string;
  sitePackages: string;
}

/**
 * The pinned LiteLLM, installed into the project on first use (a few minutes)
 * under the hashes of the lock files. Several processes may ask at once.
 * Throws UserError when Python is missing or the installation fails.
 */
export async function ensureLitellm(
  progress: (line: string) => void,
): Promise<LitellmEnvironment> {
  const python = await findPython();
  const directory = path.join(CACHE, `litellm-${await hashOf(python)}`);
  const ready = await readMarker(directory);
  if (ready !== undefined) return ready;
  await mkdir(CACHE, { recursive: true });
  return withFileLock(
    `${directory}.lock`,
    (pid) => {
      progress(`Process ${pid} is installing LiteLLM: waiting for it.`);
    },
    async () =>
      (await readMarker(directory)) ??
      (await makeEnvironment(python, directory, progress)),
  );
}

/** Makes a virtual environment that has the pinned uv and nothing else. */
export async function installUv(
  python: Python,
  directory: string,
): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await makeVirtualEnvironment(python, directory);
  const pip = ["-m", "pip", "install", "--quiet", "--require-hashes"];
  await mustRun(path.join(directory, "bin/python"), [...pip, "-r", UV_LOCK]);
  return path.join(directory, "bin/uv");
}

async function makeEnvironment(
  python: Python,
  directory: string,
  progress: (line: string) => void,
): Promise<LitellmEnvironment> {
  const started = performance.now();
  progress(
    `First use: installing LiteLLM for Python ${python.version} into ${path.relative(process.cwd(), directory)} (a few minutes, 1.3 GB).`,
  );
  const uv = await installUv(python, directory);
  const own = path.join(directory, "bin/python");
  progress("Downloading its packages under the hashes of the lock file.");
  await mustRun(
    uv,
    // The lock is the whole list: overrides.txt makes it differ from what LiteLLM asks for.
    [
      ...["pip", "install", "--python", own, "--no-deps"],
      ...["--require-hashes", "-r", LOCK],
    ],
    (line) => {
      if (/^ *(Downloading|Prepared|Installed) /.test(line)) progress(line);
    },
  );
  const environment = await describe(directory, own);
  progress("Loading it once, which compiles it: it starts in half the time.");
  await mustRun(own, ["-c", LOAD]);
  await writeFile(
    path.join(directory, MARKER),
    JSON.stringify(environment, undefined, 2),
  );
  const seconds = Math.round((performance.now() - started) / 1000);
  progress(`LiteLLM ${environment.version} is installed (${seconds} s).`);
  return environment;
}

async function describe(
  directory: string,
  python: string,
): Promise<LitellmEnvironment> {
  const { output } = await mustRun(python, [
    "-c",
    "import sysconfig, importlib.metadata as m; print(m.version('litellm'), sysconfig.get_path('purelib'))",
  ]);
  const [, version, sitePackages] = /^(\S+) (.+)$/m.exec(output) ?? [];
  if (version === undefined || sitePackages === undefined) {
    throw new Error(`no version of LiteLLM in: ${output}`);
  }
  return { directory, python, version, sitePackages };
}

async function mustRun(
  program: string,
  args: string[],
  onLine?: (line: string) => void,
) {
  const finished = await run(program, args, onLine);
  if (finished.exitCode === 0) return finished;
  throw new UserError(
    `Installing LiteLLM failed: ${path.basename(program)} ${args[0]} exited with ${finished.exitCode}.\n${finished.output}`,
    { hint: "Mend what it says and run the same command again." },
  );
}

async function hashOf(python: Python): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [LOCK, UV_LOCK]) hash.update(await readFile(file));
  hash.update(`${python.version} ${process.platform} ${process.arch}`);
  return hash.digest("hex").slice(0, 12);
}

/** Undefined where there is none, or where the project has moved since. */
async function readMarker(
  directory: string,
): Promise<LitellmEnvironment | undefined> {
  try {
    const text = await readFile(path.join(directory, MARKER), "utf8");
    const environment = JSON.parse(text) as LitellmEnvironment;
    return environment.directory === directory ? environment : undefined;
  } catch {
    return undefined;
  }
}
