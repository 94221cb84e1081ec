import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { ROOT } from "../../emulator/core/root.ts";
import { UserError } from "../../emulator/core/user-error.ts";
import { installUv } from "../../emulator/machine/litellm/environment.ts";
import { run } from "../../emulator/machine/litellm/process.ts";
import { findPython } from "../../emulator/machine/litellm/python.ts";

const LOCK = path.join(import.meta.dirname, "pip-audit.txt");
const DIRECTORY = path.join(ROOT, ".cache/pip-audit");
/** Written last: which lock is installed. */
const MARKER = path.join(DIRECTORY, "complete.txt");

/** The pinned pip-audit, installed under the hashes of its lock on first use. Throws UserError where it cannot be. */
export async function ensurePipAudit(): Promise<string> {
  const program = path.join(DIRECTORY, "bin/pip-audit");
  const wanted = createHash("sha256")
    .update(await readFile(LOCK))
    .digest("hex");
  const installed = await readFile(MARKER, "utf8").catch(() => "");
  if (installed === wanted) return program;
  await mkdir(path.dirname(DIRECTORY), { recursive: true });
  const uv = await installUv(await findPython(), DIRECTORY);
  const python = path.join(DIRECTORY, "bin/python");
  const { exitCode, output } = await run(uv, [
    ...["pip", "install", "--python", python],
    ...["--require-hashes", "--quiet", "-r", LOCK],
  ]);
  if (exitCode !== 0)
    throw new UserError(`pip-audit is not installed: ${output}`);
  await writeFile(MARKER, wanted);
  return program;
}
