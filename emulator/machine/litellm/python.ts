import { existsSync } from "node:fs";
import { UserError } from "../../core/user-error.ts";
import { run } from "./process.ts";

const OLDEST_MINOR = 10;
const NEWEST_MINOR = 14;

export interface Python {
  command: string;
  /** E.g. `3.11.7`. */
  version: string;
}

/** The first usable Python ≥ 3.10 on the PATH. Throws UserError naming the command that installs one. */
export async function findPython(): Promise<Python> {
  const minors = Array.from(
    { length: NEWEST_MINOR - OLDEST_MINOR + 1 },
    (_, index) => NEWEST_MINOR - index,
  );
  const seen: string[] = [];
  for (const command of ["python3", ...minors.map((m) => `python3.${m}`)]) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    const [major, minor] = version.split(".").map(Number);
    if (major === 3 && Number(minor) >= OLDEST_MINOR) {
      return { command, version };
    }
    seen.push(`${command} is ${version}`);
  }
  const found = seen.length > 0 ? `: ${seen.join(", ")}` : "";
  throw new UserError(
    `LiteLLM needs Python 3.${OLDEST_MINOR} or newer, and there is none on the PATH${found}.`,
    { hint: `Install it: ${installCommand("python3 python3-venv")}` },
  );
}

/** Makes a virtual environment with pip in it. */
export async function makeVirtualEnvironment(
  python: Python,
  directory: string,
): Promise<void> {
  const made = await run(python.command, ["-m", "venv", directory]);
  if (made.exitCode === 0) return;
  const [major, minor] = python.version.split(".");
  const noVenv = /ensurepip|No module named venv/.test(made.output);
  throw new UserError(
    `${python.command} -m venv failed: ${made.output}`,
    noVenv
      ? {
          hint: `Install it: ${installCommand(`python${major}.${minor}-venv`)}`,
        }
      : {},
  );
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { exitCode, output } = await run(command, ["--version"]);
    const version = /^Python (\d+\.\d+\.\d+)/m.exec(output)?.[1];
    return exitCode === 0 ? version : undefined;
  } catch {
    return undefined;
  }
}

function installCommand(debianPackages: string): string {
  if (process.platform === "darwin") return "brew install python";
  if (existsSync("/usr/bin/dnf")) return "sudo dnf install python3";
  return `sudo apt-get install ${debianPackages}`;
}
