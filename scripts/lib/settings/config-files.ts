import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { decodeText } from "../cli/decode-text.ts";

/** The file of a directory that LiteLLM is started with. */
export const MAIN = "config.yaml";

/** A file that LiteLLM finds in its config's directory. */
export interface ConfigFile {
  /** There. */
  name: string;
  /** Here. */
  file: string;
}

/** What Python and macOS put into a directory by themselves. */
const NOBODYS = ["__pycache__", ".DS_Store"];

/** What CONFIG names: the config itself first, then all that lies beside it where it is a directory. */
export function listConfigFiles(config: string): [ConfigFile, ...ConfigFile[]] {
  if (!isDirectory(config)) return [{ name: MAIN, file: config }];
  const others = readdirSync(config)
    .filter((name) => name !== MAIN && !NOBODYS.includes(name))
    .sort();
  const locate = (name: string): ConfigFile => ({
    name,
    file: path.join(config, name),
  });
  return [locate(MAIN), ...others.map(locate)];
}

export function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The config and what it includes, in the order in which LiteLLM reads them
 * (1.108.14, `resolve_includes`): what is included includes more, and nothing
 * twice. `parse`: undefined for what is not there.
 */
export function followIncludes(parse: (name: string) => unknown): string[] {
  const found = [MAIN];
  for (const name of found) {
    for (const entry of listIncludes(parse(name))) {
      if (!found.includes(entry)) found.push(entry);
    }
  }
  return found;
}

/** What a config names under `include`, as names of files. */
function listIncludes(value: unknown): string[] {
  const { include } = (value ?? {}) as { include?: unknown };
  return (Array.isArray(include) ? include : [])
    .filter((entry) => typeof entry === "string")
    .map(toName);
}

/** `./models.yaml` is `models.yaml`. */
export function toName(entry: string): string {
  return path.posix.normalize(entry);
}

/** The texts of a config and of what it includes, those that can be read. Throws InputError where one is no text. */
export function readConfigTexts(
  config: string,
  parse: (text: string) => unknown,
): string[] {
  const files = listConfigFiles(config);
  const texts = new Map<string, string>();
  followIncludes((name) => {
    const file = files.find((one) => one.name === name)?.file;
    const text = file === undefined ? undefined : tryRead(file);
    if (text === undefined) return undefined;
    texts.set(name, text);
    return parse(text);
  });
  return [...texts.values()];
}

function tryRead(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  return decodeText(bytes, file);
}
