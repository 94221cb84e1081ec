import { execFile } from "node:child_process";
import path from "node:path";
import { ROOT } from "../emulator/core/root.ts";
import { UserError } from "../emulator/core/user-error.ts";
import {
  type Finished,
  type Outcome,
  formatOutcome,
  readNpmAudit,
  readPipAudit,
} from "./security/outcome.ts";
import { ensurePipAudit } from "./security/pip-audit.ts";

// `npm run check:security`: looks both locks up in advisory databases. Fails for
// a known hole, and not where a database cannot be asked: that is said.

const PYTHON_LOCK = "emulator/machine/litellm/requirements.txt";

const outcomes = await Promise.all([
  auditNpm().then((outcome) => ["package-lock.json", outcome] as const),
  auditPython().then((outcome) => [PYTHON_LOCK, outcome] as const),
]);
for (const [lock, outcome] of outcomes) {
  process.stderr.write(`${formatOutcome(lock, outcome)}\n`);
  if (outcome.kind === "vulnerable") process.exitCode = 1;
}

async function auditNpm(): Promise<Outcome> {
  return readNpmAudit(await finish("npm", ["audit", "--json"]));
}

async function auditPython(): Promise<Outcome> {
  try {
    const program = await ensurePipAudit();
    return readPipAudit(
      await finish(program, [
        // As the lock has them: nothing is resolved or installed.
        ...["--requirement", path.join(ROOT, PYTHON_LOCK)],
        ...["--require-hashes", "--disable-pip"],
        // It has PyPA's advisories and GitHub's.
        "--vulnerability-service=osv",
        ...["--format=json", "--progress-spinner=off", "--timeout=30"],
      ]),
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: "unasked", why: error.message };
  }
}

/** Throws where it cannot be started. */
function finish(program: string, args: string[]): Promise<Finished> {
  const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === "number") resolve({ exitCode, stdout, stderr });
      else reject(new Error(`${program} does not run`, { cause: error }));
    });
  });
}
