import { SECRET_SHAPES } from "../cli/hide-secrets.ts";
import type { ConfigDocument } from "./document.ts";
import type { Located, Path, Problem } from "./finding.ts";
import { type Mode, walkStrings } from "./rule.ts";

/** Keys whose values are secret whatever they look like. */
const SECRET_KEY =
  /(^|_)(api_key|master_key|password|secret|secret_key|secret_access_key|client_secret|private_key|access_token|token|license)$/;

/** A price, not a token. */
const PRICE = /_cost_per(_[a-z]+)*_token$/;

/** What an endpoint that asks for no key is given. */
const NO_KEY = /^(none|dummy|empty|unused|not-needed)$/i;

/** What every secret that was written into a file needs. */
export const REVOKE =
  "revoke the value: it may already be in the history of the repository.";

const REPLACE = `Write os.environ/NAME instead, and ${REVOKE}`;

/**
 * Secrets that stand in the file: under keys that hold secrets, and whatever
 * looks like one, in comments and in broken YAML, too. Never shows them.
 */
export function findSecrets(
  text: string,
  document: ConfigDocument,
  mode: Mode,
): Located[] {
  const found = [...walkStrings(document.value)]
    .filter(
      ({ text: value, path }) => isSecretKey(lastKey(path)) && isLiteral(value),
    )
    .map(({ path }) => document.locate(describeLiteral(path, mode)));
  const lines = new Set(found.map(({ line }) => line));
  const shapes = findShapes(text, (at) => document.locateOffset(at));
  return [...found, ...shapes.filter(({ line }) => !lines.has(line))];
}

/** Whatever looks like a secret in a text of any kind, one a line. */
export function findShapes(
  text: string,
  locate: (offset: number) => { line: number; column: number },
  hint = REPLACE,
): Located[] {
  const found = SECRET_SHAPES.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].map(({ index }): Located => ({
      severity: "error",
      ...locate(index),
      message: `this looks like ${what}: a secret does not belong here`,
      hint,
    })),
  );
  return found.filter(
    ({ line }, index) => found.findIndex((f) => f.line === line) === index,
  );
}

function describeLiteral(path: Path, mode: Mode): Problem {
  const key = lastKey(path);
  return {
    severity: "error",
    path,
    message: `${key} is written into the file: a secret does not belong here`,
    hint: hintFor(key, mode),
  };
}

function hintFor(key: string, mode: Mode): string {
  if (key === "master_key") {
    return "Write os.environ/LITELLM_MASTER_KEY: deploy keeps that key in Secret Manager.";
  }
  return key === "api_key" && mode === "apikey"
    ? `Write os.environ/NAME, for Gemini os.environ/GEMINI_API_KEY: deploy keeps that key in Secret Manager. And ${REVOKE}`
    : `${REPLACE} Deploy keeps it in Secret Manager. Models of Vertex AI need none: the service calls them as its own account.`;
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key) && !PRICE.test(key);
}

function isLiteral(text: string): boolean {
  return text !== "" && !/^(os\.environ\/|\$)/.test(text) && !NO_KEY.test(text);
}

function lastKey(path: Path): string {
  const last = path.findLast((part) => typeof part === "string");
  return last ?? "";
}
