import { MAX_VERSION_BYTES } from "../google/secret-versions.ts";
import type { ConfigText } from "./config-set.ts";
import type { Finding } from "./finding.ts";
import { readPython } from "./python-file.ts";
import { REVOKE, findShapes } from "./secrets.ts";

/** What is wrong with what lies beside a config, but for what its YAML says. `included`: names of files that are read as YAML besides. */
export function checkOtherFiles(
  others: readonly ConfigText[],
  included: ReadonlySet<string>,
): Finding[] {
  return [
    ...others.flatMap((other) =>
      checkSize(
        other,
        "Part the file, or take out what LiteLLM does not need.",
      ),
    ),
    ...others.filter(({ name }) => !included.has(name)).flatMap(checkSecrets),
    ...checkImports(others),
  ];
}

/** A version of a secret holds no more. `hint`: how to make the file smaller. */
export function checkSize(
  { file, text }: Pick<ConfigText, "file" | "text">,
  hint: string,
): Finding[] {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_VERSION_BYTES) return [];
  const message = `${bytes} bytes: Secret Manager takes at most ${MAX_VERSION_BYTES}`;
  return [{ ...errorAt(file, 1), message, hint }];
}

function checkSecrets({ name, file, text }: ConfigText): Finding[] {
  const locate = (offset: number) => {
    const before = text.slice(0, offset).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { line: before.length, column };
  };
  const instead = name.endsWith(".py")
    ? 'Read it from the environment instead (os.environ["NAME"]) and name it in SECRET_VARIABLES'
    : "Take it out";
  const hint = `${instead}, and ${REVOKE}`;
  return findShapes(text, locate, hint).map((found) => ({ file, ...found }));
}

/**
 * LiteLLM loads a Python file by its path (1.108.14, `get_instance_fn`), and its
 * directory is not where Python looks for modules.
 */
function checkImports(others: readonly ConfigText[]): Finding[] {
  const python = others
    .filter(({ name }) => name.endsWith(".py"))
    .map(({ name, file, text }) => ({ name, file, ...readPython(text) }));
  const modules = python.map(({ name }) => name.replace(/\.py$/, ""));
  const isPathSet = python.some(({ changesPath }) => changesPath);
  return python.flatMap(({ file, imports }) =>
    imports.flatMap(({ module, line }) => {
      if (module.startsWith(".")) {
        return [
          {
            ...errorAt(file, line),
            message:
              "a relative import: LiteLLM loads this file by its path, so it belongs to no package",
            hint: `Import it by its name, and tell Python where it is: ${ADD_PATH}`,
          },
        ];
      }
      if (isPathSet || !modules.includes(module)) return [];
      return [
        {
          ...errorAt(file, line),
          message: `${module} lies beside this file, where Python does not look: LiteLLM loads this file by its path`,
          hint: `Write before it: ${ADD_PATH}`,
        },
      ];
    }),
  );
}

const ADD_PATH = "import os, sys; sys.path.append(os.path.dirname(__file__))";

/** A config that is named nowhere is most likely one that should be included. */
export function checkForgotten(
  others: readonly ConfigText[],
  included: ReadonlySet<string>,
): Finding[] {
  const python = others.filter(({ name }) => name.endsWith(".py"));
  return others
    .filter(({ name }) => /\.ya?ml$/.test(name) && !included.has(name))
    .filter(({ name }) => !python.some(({ text }) => text.includes(name)))
    .map(({ name, file }) => ({
      ...errorAt(file, 1),
      severity: "warning",
      message: `no config includes ${name}, and no Python file names it`,
      hint: `Include it (include: [${name}]), or take it out of the directory.`,
    }));
}

function errorAt(
  file: string,
  line: number,
): Pick<Finding, "severity" | "file" | "line" | "column"> {
  return { severity: "error", file, line, column: 1 };
}
