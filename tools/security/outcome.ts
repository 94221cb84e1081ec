/** What an advisory database said of a lock. */
export type Outcome =
  | { kind: "clean"; packages: number }
  /** One line a package that has known holes. */
  | { kind: "vulnerable"; lines: string[] }
  /** It could not be asked; nothing is known. */
  | { kind: "unasked"; why: string };

export interface Finished {
  exitCode: number;
  stdout: string;
  stderr: string;
}

interface NpmReport {
  metadata?: { dependencies?: { total?: number } };
  vulnerabilities?: Record<
    string,
    { name: string; severity: string; range: string }
  >;
  message?: string;
}

/** Of `npm audit --json`. Throws where npm itself was called wrongly. */
export function readNpmAudit({ stdout, stderr, exitCode }: Finished): Outcome {
  const report = parse(stdout) as NpmReport | undefined;
  if (report?.metadata === undefined) {
    const why = report?.message ?? lastLine(stderr);
    return { kind: "unasked", why };
  }
  const lines = Object.values(report.vulnerabilities ?? {}).map(
    ({ name, range, severity }) => `${name} ${range}: ${severity}`,
  );
  if (lines.length > 0) return { kind: "vulnerable", lines };
  if (exitCode !== 0) throw new Error(`npm audit: ${lastLine(stderr)}`);
  return { kind: "clean", packages: report.metadata.dependencies?.total ?? 0 };
}

interface PipReport {
  dependencies?: {
    name: string;
    version?: string;
    vulns?: { id: string; fix_versions: string[] }[];
  }[];
}

/** pip-audit's exit code for arguments that it does not know. */
const WRONG_USAGE = 2;

/** Of `pip-audit --format=json`. Throws where it was called wrongly. */
export function readPipAudit({ stdout, stderr, exitCode }: Finished): Outcome {
  if (exitCode === WRONG_USAGE) {
    throw new Error(`pip-audit: ${lastLine(stderr)}`);
  }
  const { dependencies } = (parse(stdout) ?? {}) as PipReport;
  if (dependencies === undefined) {
    return { kind: "unasked", why: lastLine(stderr) };
  }
  const lines = dependencies.flatMap(({ name, version, vulns = [] }) =>
    vulns.map(({ id, fix_versions }) => {
      const fix =
        fix_versions.length === 0 ? "no fix yet" : fix_versions.join(", ");
      return `${name} ${version ?? ""}: ${id} (${fix})`;
    }),
  );
  return lines.length > 0
    ? { kind: "vulnerable", lines }
    : { kind: "clean", packages: dependencies.length };
}

export function formatOutcome(lock: string, outcome: Outcome): string {
  switch (outcome.kind) {
    case "clean":
      return `${lock}: ${outcome.packages} packages, none with a known hole`;
    case "vulnerable":
      return [
        `${lock}: known holes:`,
        ...outcome.lines.map((line) => `  ${line}`),
      ].join("\n");
    case "unasked":
      return `${lock}: NOT CHECKED, the advisory database could not be asked: ${outcome.why}`;
  }
}

function parse(text: string): unknown {
  try {
    const start = text.indexOf("{");
    return JSON.parse(start < 0 ? text : text.slice(start));
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  const last = text.trim().split("\n").at(-1)?.trim() ?? "";
  return last === "" ? "no answer" : last;
}
