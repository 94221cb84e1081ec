import { type Stats, lstatSync, readFileSync } from "node:fs";
import { decodeText, findNoText } from "../cli/decode-text.ts";
import {
  type ConfigFile,
  MAIN,
  isDirectory,
  listConfigFiles,
} from "../settings/config-files.ts";
import type { Finding } from "./finding.ts";
import { readSyntaxErrors } from "./python-syntax.ts";

/** A file that LiteLLM may read, and what stands in it. */
export interface ConfigText extends ConfigFile {
  text: string;
}

/** What an env deploys as LiteLLM's config. */
export interface ConfigSet {
  /** Undefined where it cannot be read, which `cause` tells. */
  main: string | undefined;
  cause?: unknown;
  /** How findings name it. */
  file: string;
  /** What lies beside it in a directory; undefined: CONFIG is one file, and comes alone. */
  others: readonly ConfigText[] | undefined;
  /** What a directory may not hold, and what is no Python. */
  findings: Finding[];
}

/** Each takes an alias of the secret, which has 50, and those of what earlier revisions read are kept. */
export const MOST_FILES = 20;

/** Reads what CONFIG names. Throws InputError where the config itself is no text. Everything in a directory reaches the service, so nothing may be there by accident. */
export function readConfigSet(config: string): ConfigSet {
  const [{ file }, ...beside] = listConfigFiles(config);
  const main = readMain(file);
  if (!isDirectory(config)) {
    return { ...main, file, others: undefined, findings: [] };
  }
  const findings =
    beside.length < MOST_FILES
      ? []
      : [
          refuse(
            file,
            `${beside.length + 1} files stand in ${config}, and ${MOST_FILES} is the most`,
            "Put what belongs together into one file, and what LiteLLM does not read elsewhere.",
          ),
        ];
  const others: ConfigText[] = [];
  for (const one of beside) {
    const text = readText(one);
    if (typeof text === "string") others.push({ ...one, text });
    else findings.push(text);
  }
  findings.push(...readSyntaxErrors(others));
  return { ...main, file, others, findings };
}

function readMain(file: string): Pick<ConfigSet, "main" | "cause"> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    return { main: undefined, cause };
  }
  return { main: decodeText(bytes, file) };
}

/** The text, or why the file may not lie there. */
function readText({ name, file }: ConfigFile): string | Finding {
  const problem = findMisplaced(name, lstatSync(file));
  if (problem !== undefined) return refuse(file, ...problem);
  const bytes = readFileSync(file);
  const noText = findNoText(bytes, file);
  if (noText === undefined) return bytes.toString("utf8");
  const { what, hint, line } = noText;
  return { ...refuse(file, what, hint), line: line ?? 1 };
}

type Refusal = [message: string, hint: string];

function findMisplaced(name: string, stats: Stats): Refusal | undefined {
  if (name.startsWith(".")) {
    return [
      `${name} is hidden, and everything in this directory reaches the service`,
      "Take it out of the directory.",
    ];
  }
  if (stats.isSymbolicLink()) {
    return [
      `${name} is a link: what it leads to may be another file elsewhere`,
      "Put the file itself here.",
    ];
  }
  if (stats.isDirectory()) {
    return [
      `${name} is a directory: the service has the files of one directory, and none below it`,
      `Move its files beside ${MAIN}, or out of the directory.`,
    ];
  }
  if (!stats.isFile()) return [`${name} is no file`, "Take it out."];
  if (!/^[\w.-]+$/.test(name)) {
    return [
      `the name has other characters than A-Z, a-z, 0-9, ".", "_" and "-"`,
      "Give the file another name.",
    ];
  }
  return stats.size === 0
    ? [
        `${name} is empty, and Secret Manager takes no empty version`,
        "Remove it. Python needs no __init__.py here.",
      ]
    : undefined;
}

function refuse(file: string, message: string, hint: string): Finding {
  return { severity: "error", file, line: 1, column: 1, message, hint };
}
