import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { installUv } from "../emulator/machine/litellm/environment.ts";
import { run } from "../emulator/machine/litellm/process.ts";
import { findPython } from "../emulator/machine/litellm/python.ts";
import { ROOT } from "../emulator/core/root.ts";

// `npm run lock:litellm`: resolves requirements.in, uv.in, pip-audit.in and those of
// the Python clients in test/clients/ anew, for every platform and every Python that LiteLLM supports, with hashes.

/** What requirements.txt has in place of what LiteLLM asks for. */
const OVERRIDES = "emulator/machine/litellm/overrides.txt";

const LOCKS = [
  "emulator/machine/litellm/requirements",
  "emulator/machine/litellm/uv",
  "tools/security/pip-audit",
  ...globSync("test/clients/*/requirements.in", { cwd: ROOT }).map((file) =>
    file.replace(/\.in$/, ""),
  ),
];

const OPTIONS = [
  "--python-version=3.10",
  "--universal",
  "--generate-hashes",
  "--no-annotate",
  "--upgrade",
  "--quiet",
  "--custom-compile-command=npm run lock:litellm",
];

const directory = await mkdtemp(path.join(os.tmpdir(), "litellm-lock-"));
try {
  const uv = await installUv(await findPython(), directory);
  for (const lock of LOCKS) {
    const input = path.join(ROOT, `${lock}.in`);
    const output = path.join(ROOT, `${lock}.txt`);
    const done = await run(uv, [
      "pip",
      "compile",
      ...OPTIONS,
      `--override=${path.join(ROOT, OVERRIDES)}`,
      input,
      "-o",
      output,
    ]);
    if (done.exitCode !== 0) throw new Error(done.output);
    process.stderr.write(`wrote ${output}\n`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
