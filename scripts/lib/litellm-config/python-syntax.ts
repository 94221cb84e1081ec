import { spawnSync } from "node:child_process";
import { childEnvironment } from "../cli/process-env.ts";
import type { ConfigFile } from "../settings/config-files.ts";
import type { Finding } from "./finding.ts";

/** Compiles each file, and runs none. */
const PROGRAM = `
import json, sys
errors = []
for one in json.load(sys.stdin):
    try:
        compile(one["text"].encode(), "<config>", "exec", dont_inherit=True)
    except SyntaxError as error:
        errors.append({
            "file": one["file"],
            "line": error.lineno or 1,
            "column": error.offset or 1,
            "message": error.msg,
            "source": error.text or "",
        })
json.dump({"version": sys.version_info[:2], "errors": errors}, sys.stdout)
`;

/** Of the machine's own Python: nothing of its environment and no packages are needed, and its warnings are no answer. */
const OPTIONS = ["-I", "-S", "-W", "ignore", "-c", PROGRAM];

type SourceFile = ConfigFile & { text: string };

type Version = readonly [major: number, minor: number];

/** LiteLLM runs on no older one (1.108.14, its package's Requires-Python). */
const OLDEST: Version = [3, 10];
/** What only Python of a version and newer ones read (PEP 654; 695 and 701; 750 and 758): the image's may be newer than this machine's. */
const NEWER: readonly [since: Version, line: RegExp][] = [
  [[3, 11], /\bexcept\s*\*/],
  [
    [3, 12],
    /^\s*type\s|^\s*(class|(async\s+)?def)\s+\w+\s*\[|\b[rR]?[fF][rR]?["']/,
  ],
  [[3, 14], /\bexcept\b[^:(]*,|\b[rR]?[tT][rR]?["']/],
];

interface Answer {
  version: Version;
  errors: (Pick<Finding, "file" | "line" | "column" | "message"> & {
    /** The line itself. */
    source: string;
  })[];
}

/** What the Python files of a set say that no Python understands, or that nobody here can tell. */
export function readSyntaxErrors(
  files: readonly SourceFile[],
  python = "python3",
): Finding[] {
  const own = files.filter(({ name }) => name.endsWith(".py"));
  if (own.length === 0) return [];
  return describeAnswer(own, compile(own, python));
}

/** What to say of an answer; undefined: no python3 gave one. */
export function describeAnswer(
  files: readonly SourceFile[],
  answer: Answer | undefined,
): Finding[] {
  const [first] = files;
  if (first === undefined) return [];
  if (answer === undefined || isBefore(answer.version, OLDEST)) {
    const what =
      answer === undefined
        ? "no python3 answers here"
        : `python3 is ${format(answer.version)} here, too old for LiteLLM`;
    return [
      {
        severity: "warning",
        file: first.file,
        line: 1,
        column: 1,
        message: `${what}, and a syntax error in ${list(files)} would show only when the candidate starts`,
        hint: `Install Python ${format(OLDEST)} or a newer one, or look elsewhere: python3 -m py_compile FILE`,
      },
    ];
  }
  const { version, errors } = answer;
  return errors.map(({ message, source, ...place }) => {
    const mayBeNewer = NEWER.some(
      ([since, line]) => isBefore(version, since) && line.test(source),
    );
    return {
      severity: mayBeNewer ? "warning" : "error",
      ...place,
      message: `Python cannot read it: ${message}`,
      hint: mayBeNewer
        ? `Correct it, unless it is what Python ${format(version)} does not know yet.`
        : `Correct it: where the config names the file, LiteLLM would not start. Python ${format(version)} of this machine says so; where a newer one would not, put that on the PATH as python3.`,
    };
  });
}

/** Undefined where there is no such program, or none that is Python. */
function compile(
  files: readonly SourceFile[],
  python: string,
): Answer | undefined {
  const { status, stdout } = spawnSync(python, OPTIONS, {
    env: childEnvironment(),
    input: JSON.stringify(files.map(({ file, text }) => ({ file, text }))),
    encoding: "utf8",
  });
  return status === 0 ? (JSON.parse(stdout) as Answer) : undefined;
}

function isBefore([major, minor]: Version, than: Version): boolean {
  return major < than[0] || (major === than[0] && minor < than[1]);
}

function format(version: Version): string {
  return version.join(".");
}

function list(files: readonly SourceFile[]): string {
  return files.map(({ name }) => name).join(", ");
}
