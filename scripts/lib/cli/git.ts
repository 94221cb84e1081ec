import { execFile } from "node:child_process";
import { UserError } from "./errors.ts";
import { childEnvironment } from "./process-env.ts";

/** What git answers to a command. */
export interface GitAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs git in this folder. Throws UserError where there is none. */
export function askGit(...args: string[]): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const options = { env: childEnvironment(), maxBuffer: 64 << 20 };
    execFile("git", args, options, (error, stdout, stderr) => {
      const code = error?.code ?? 0;
      if (typeof code === "number") resolve({ exitCode: code, stdout, stderr });
      else {
        reject(
          new UserError(`git could not be run: ${code}`, { cause: error }),
        );
      }
    });
  });
}

/** The same, for what has to succeed: throws UserError with git's own words. Returns its standard output. */
export async function runGit(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await askGit(...args);
  if (exitCode === 0) return stdout;
  const words = (stderr === "" ? stdout : stderr).trim();
  throw new UserError(`git ${args.join(" ")} failed: ${words}`);
}
