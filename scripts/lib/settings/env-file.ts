import { parse } from "dotenv";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { decodeText } from "../cli/decode-text.ts";
import { InputError } from "../cli/errors.ts";
import { hideSecrets } from "../cli/hide-secrets.ts";
import { suggest } from "../cli/suggest.ts";

/** A setting as the operator wrote it, with where it stands (for messages). */
export interface Entry {
  value: string;
  /** `envs/dev.env:7`, or `the shell`. */
  from: string;
}

/**
 * The settings of `envs/<env>.local.env` over `envs/<env>.env`.
 * Throws InputError when there is no such env.
 */
export function readEnvFiles(env: string): Map<string, Entry> {
  const file = `envs/${env}.env`;
  if (!existsSync(file)) throw unknownEnv(env);
  const entries = parseEnvFile(file);
  const local = `envs/${env}.local.env`;
  if (existsSync(local)) {
    for (const [name, entry] of parseEnvFile(local)) entries.set(name, entry);
  }
  return entries;
}

/** The names of all envs: the files in envs/, without those for one machine. */
export function listEnvs(): string[] {
  if (!existsSync("envs")) return [];
  return readdirSync("envs")
    .filter((name) => name.endsWith(".env") && !name.endsWith(".local.env"))
    .map((name) => name.slice(0, -".env".length))
    .sort();
}

function parseEnvFile(file: string): Map<string, Entry> {
  const text = decodeText(readFileSync(file), file);
  const lines = findLines(text, file);
  return new Map(
    Object.entries(parse(text)).map(([name, value]) => [
      name,
      { value, from: `${file}:${String(lines.get(name) ?? 1)}` },
    ]),
  );
}

/** dotenv tells no lines and skips what it cannot read, so both are found here. */
function findLines(text: string, file: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const name = /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line)?.[1];
    const at = `${file}:${String(index + 1)}`;
    if (name === undefined) {
      throw new InputError(`${at}: not a setting`, {
        hint: "Write one NAME=value a line; # begins a comment.",
      });
    }
    const earlier = lines.get(name);
    if (earlier !== undefined) {
      throw new InputError(`${at}: ${name} is set again`, {
        hint: `Line ${String(earlier)} sets it already: keep one of the two.`,
      });
    }
    lines.set(name, index + 1);
  }
  return lines;
}

function unknownEnv(env: string): InputError {
  const envs = listEnvs();
  const near = suggest(env, envs);
  const shown = hideSecrets(env);
  return new InputError(
    `there is no env "${shown}": no file envs/${shown}.env`,
    {
      hint:
        near !== undefined
          ? `Did you mean "${near}"?`
          : envs.length > 0
            ? `There are: ${envs.join(", ")}.`
            : "Run this in the project's own folder: the one that holds envs/.",
    },
  );
}
