import { readFileSync } from "node:fs";
import { type Pair, type YAMLMap, isMap, isScalar, parseDocument } from "yaml";
import { InputError } from "../cli/errors.ts";
import { followIncludes } from "../settings/config-files.ts";
import { type FileContent, toContent } from "./config-content.ts";
import type { ConfigText } from "./config-set.ts";

/** What LiteLLM asks who a client is. */
const PYTHON = { name: "client_keys.py", file: "config/client_keys.py" };

const SECTION = "general_settings";

/** Client keys are let to models alone by LiteLLM's common checks, which custom_auth would else leave out. */
const SETTINGS = {
  custom_auth: "client_keys.authenticate",
  custom_auth_run_common_checks: "true",
};

/** Settings that would undo these. */
const TAKEN = [...Object.keys(SETTINGS), "custom_auth_settings"];

export interface NamedContent extends FileContent {
  name: string;
}

export function toNamedContent({ name, file, text }: ConfigText): NamedContent {
  return { name, ...toContent(file, text) };
}

/**
 * What the service has of a config whose clients have keys of their own: the
 * config names the Python file, which lies beside it. The config of the
 * repository stays as it is. Throws InputError where it has its own custom_auth.
 */
export function withClientKeys(
  texts: readonly [ConfigText, ...ConfigText[]],
): NamedContent[] {
  if (texts.some(({ name }) => name === PYTHON.name)) {
    throw new InputError(
      `${PYTHON.name} lies beside the LiteLLM config, and CLIENT_KEYS=true puts its own file of that name there`,
      { hint: "Give yours another name." },
    );
  }
  const place = findSection(texts);
  const python = readFileSync(PYTHON.file, "utf8");
  return [
    ...texts.map((one) => {
      if (one !== place.source) return toNamedContent(one);
      const text = insertSettings(one.text, place.section);
      return { ...toNamedContent({ ...one, text }), text };
    }),
    toNamedContent({ ...PYTHON, text: python }),
  ];
}

interface Place {
  source: ConfigText;
  section: YAMLMap;
}

/** Where LiteLLM takes the section from: the last file in its order that has it. */
function findSection(texts: readonly [ConfigText, ...ConfigText[]]): Place {
  const found: { source: ConfigText; pair: Pair }[] = [];
  followIncludes((name) => {
    const source = texts.find((one) => one.name === name);
    if (source === undefined) return undefined;
    const document = parseDocument(source.text, { version: "1.1" });
    const pair = isMap(document.contents)
      ? document.contents.items.find(({ key }) => nameOf(key) === SECTION)
      : undefined;
    if (pair !== undefined) found.push({ source, pair });
    return document.toJS() as unknown;
  });
  const { source, pair } = found.at(-1) ?? { source: texts[0] };
  const section = pair?.value;
  if (!isMap(section) || section.items.length === 0) {
    throw new InputError(
      `${source.file}: CLIENT_KEYS=true needs ${SECTION} with something in it: LiteLLM is told there who checks client keys`,
      {
        hint: `Write there: master_key: os.environ/LITELLM_MASTER_KEY`,
      },
    );
  }
  refuseTaken(source, section);
  return { source, section };
}

function refuseTaken({ file }: ConfigText, section: YAMLMap): void {
  const taken = section.items
    .map(({ key }) => nameOf(key))
    .filter((name) => TAKEN.includes(name));
  if (taken.length === 0) return;
  throw new InputError(
    `${file}: ${SECTION} has ${taken.join(", ")}, and with CLIENT_KEYS=true this project's own takes that place`,
    {
      hint: "LiteLLM asks one custom_auth: take yours out of the config, or CLIENT_KEYS=true out of the env file.",
    },
  );
}

/** Before the first setting that is there; all else stays as it is written. */
function insertSettings(text: string, section: YAMLMap): string {
  const offset = offsetOf(section.items[0]?.key);
  const column = offset - (text.lastIndexOf("\n", offset - 1) + 1);
  const after = section.flow === true ? ", " : `\n${" ".repeat(column)}`;
  const added = Object.entries(SETTINGS)
    .map(([name, value]) => `${name}: ${value}${after}`)
    .join("");
  return `${text.slice(0, offset)}${added}${text.slice(offset)}`.replace(
    /\n?$/,
    "\n",
  );
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

function offsetOf(key: unknown): number {
  const range = isScalar(key) ? key.range : undefined;
  if (range === undefined || range === null) {
    throw new Error(`a key of ${SECTION} without a place`);
  }
  return range[0];
}
