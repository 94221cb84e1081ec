import { existsSync, readFileSync } from "node:fs";
import { isMap, isScalar, parseDocument, visit } from "yaml";
import { readConfigTexts } from "./config-files.ts";
import { findProviderKey } from "./providers.ts";

/** What the files that an env deploys say of the service's environment. */
export interface NamedVariables {
  /** What the LiteLLM config and its includes refer to, and where LiteLLM looks for a provider's key that the config does not name. */
  references: readonly string[];
  /** What config/service.yaml gives itself, the keys of the env aside. */
  manifest: readonly string[];
  /** Secrets that config/service.yaml names itself. */
  ownSecrets: readonly string[];
}

export const NOTHING_NAMED: NamedVariables = {
  references: [],
  manifest: [],
  ownSecrets: [],
};

const MANIFEST_FILE = "config/service.yaml";

/**
 * Of a file that is not there, or is not right, nothing: who deploys it is told
 * why. Throws InputError where one is no text: an env whose keys are not known
 * would be asked for too few, and cleaned by half.
 */
export function readNamedVariables(config: string): NamedVariables {
  const texts = readConfigTexts(config, toValue);
  const manifest = existsSync(MANIFEST_FILE)
    ? readFileSync(MANIFEST_FILE, "utf8")
    : "";
  return {
    references: [...new Set(texts.flatMap(listReferences))],
    ...viewManifest(manifest),
  };
}

/** The variables that a LiteLLM config needs, in its order. */
export function listReferences(text: string): string[] {
  const value = toValue(text);
  const found = [...listStrings(value)].flatMap((string) => {
    // A header of a pass-through endpoint has words before it.
    const name = /(?:^|\s)os\.environ\/([A-Za-z_]\w*)$/.exec(string)?.[1];
    return name === undefined ? [] : [name];
  });
  const models = (value as { model_list?: unknown } | null)?.model_list;
  const implied = (Array.isArray(models) ? models : []).flatMap((entry) => {
    const params = (entry as { litellm_params?: unknown } | null)
      ?.litellm_params;
    return findProviderKey(params) ?? [];
  });
  return [...new Set([...found, ...implied])];
}

export function viewManifest(
  text: string,
): Pick<NamedVariables, "manifest" | "ownSecrets"> {
  const manifest: string[] = [];
  const ownSecrets: string[] = [];
  visit(parseDocument(text), {
    Map: (_, map) => {
      const name = map.get("name");
      if (typeof name !== "string") return;
      const secret = map.getIn(["valueFrom", "secretKeyRef", "name"], true);
      if (isOwn(secret)) manifest.push(name);
      else if (map.has("value")) manifest.push(name);
    },
    Pair: (_, { key, value }) => {
      if (!isScalar(key)) return;
      const name =
        key.value === "secretKeyRef" && isMap(value)
          ? value.get("name", true)
          : key.value === "secretName"
            ? value
            : undefined;
      if (isOwn(name)) ownSecrets.push(String(name.value));
    },
  });
  return { manifest, ownSecrets: [...new Set(ownSecrets)] };
}

/** Written by hand: none of this project's parameters fills it in. */
function isOwn(node: unknown): node is { value: unknown } {
  return isScalar(node) && !(node.comment ?? "").includes("from-param:");
}

function toValue(text: string): unknown {
  try {
    return parseDocument(text, { version: "1.1" }).toJS();
  } catch {
    return undefined;
  }
}

/** `seen`: an alias may stand in what it repeats. */
function* listStrings(
  value: unknown,
  seen = new Set<unknown>(),
): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  for (const item of Object.values(value)) yield* listStrings(item, seen);
}
