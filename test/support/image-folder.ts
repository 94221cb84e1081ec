import { type ExecFileException, execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { neutralEnvironment } from "./environment.ts";
import { parseDockerfile } from "../../emulator/apis/cloud-build/stand-ins/dockerfile.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What is in /app of the tools image, in a directory of this machine. */
export interface ImageFolder {
  readonly directory: string;
  /** Runs a command there with the pinned Node and no package of this checkout on the PATH. */
  run: (command: string, env?: NodeJS.ProcessEnv) => Promise<ImageRun>;
  remove: () => Promise<void>;
}

export interface ImageRun {
  exitCode: number;
  output: string;
}

/** Does what the Dockerfile's COPY and `npm ci` lines say; `install` stands in for `npm ci`. Throws where one fails. */
export async function buildImageFolder(
  install = "npm ci",
): Promise<ImageFolder> {
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-image-"));
  const folder: ImageFolder = {
    directory,
    run: (command, env) => run(directory, command, env),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  for (const line of appLines()) {
    if (!line.startsWith("RUN ")) await copy(line, directory);
    else {
      const command = line.slice("RUN ".length).replace("npm ci", install);
      const { exitCode, output } = await folder.run(command);
      if (exitCode !== 0) throw new Error(`${command}:\n${output}`);
    }
  }
  return folder;
}

/** What the image runs for skaffold.yaml's verify, and for cloudbuild.yaml's script. */
export function imageCommands(): { verify: string; release: string } {
  const skaffold = parse(readFileSync("skaffold.yaml", "utf8")) as {
    verify: { container: { command: string[]; args: string[] } }[];
  };
  const { steps } = parse(readFileSync("cloudbuild.yaml", "utf8")) as {
    steps: { id: string; entrypoint: string; args: string[] }[];
  };
  const args = skaffold.verify[0]?.container.args ?? [];
  const step = steps.find(({ id }) => id === "run");
  return {
    // It is in the image's folder already.
    verify: args.join(" ").replace("cd /app && ", ""),
    release: [step?.entrypoint, ...(step?.args ?? [])]
      .join(" ")
      .replace("$_SCRIPT", "release")
      .replace("$_ENV", "dev"),
  };
}

/** The instructions that fill /app, in their order. */
function appLines(): string[] {
  const text = readFileSync(path.join(ROOT, "Dockerfile"), "utf8");
  const { instructions = [] } = parseDockerfile(text) ?? {};
  return instructions
    .slice(instructions.indexOf("WORKDIR /app"))
    .filter((line) => /^COPY (?!--from=)|^RUN /.test(line));
}

async function copy(line: string, directory: string): Promise<void> {
  const words = line.split(/\s+/).filter((word) => !word.startsWith("--"));
  const [sources, target = ""] = [words.slice(1, -1), words.at(-1)];
  const ignored = readIgnored();
  for (const source of sources) {
    const name = source === "." ? "" : path.basename(source);
    await cp(path.join(ROOT, source), path.join(directory, target, name), {
      recursive: true,
      filter: (from) => !ignored.test(path.relative(ROOT, from)),
    });
  }
}

/** .dockerignore, as far as its patterns are used here. */
function readIgnored(): RegExp {
  const lines = readFileSync(path.join(ROOT, ".dockerignore"), "utf8");
  const patterns = lines
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) =>
      line
        .replaceAll(".", "\\.")
        .replaceAll("**/", "(?:.+/)?")
        .replaceAll(/(?<!\.)\*/g, "[^/]*"),
    );
  return new RegExp(`^(?:${patterns.join("|")})$`);
}

function run(
  directory: string,
  command: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ImageRun> {
  const packages = path.join(ROOT, "node_modules/.bin");
  const others = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((entry) => entry !== packages);
  const options = {
    cwd: directory,
    env: {
      ...withoutNpm(neutralEnvironment()),
      PATH: [path.dirname(process.execPath), ...others].join(path.delimiter),
      npm_config_prefer_offline: "true",
      ...env,
    },
  };
  return new Promise((resolve) => {
    const done = (
      error: ExecFileException | null,
      stdout: string,
      stderr: string,
    ): void => {
      const code = error === null ? 0 : error.code;
      resolve({
        exitCode: typeof code === "number" ? code : 1,
        output: stdout + stderr,
      });
    };
    execFile("sh", ["-c", command], options, done);
  });
}

/** Without what the npm that runs the tests says of this checkout; where packages come from stays. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ofThisRun = /^npm_(?!config_(cache|registry|userconfig)$)/i;
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !ofThisRun.test(name)),
  );
}
