import { suggest } from "../cli/suggest.ts";
import type { ConfigView } from "./config-view.ts";

/** Every model_name. */
export function listGroups({ deployments }: ConfigView): Set<string> {
  return new Set(deployments.map(({ name }) => name));
}

/** Every model_name and every alias. */
export function listNames(config: ConfigView): Set<string> {
  return new Set([
    ...listGroups(config),
    ...config.aliases.map(({ name }) => name),
  ]);
}

/** A model_name may be a pattern: `vertex_ai/*`. */
export function isServed(name: string, names: ReadonlySet<string>): boolean {
  if (names.has(name)) return true;
  return [...names].some((pattern) => {
    if (!pattern.includes("*")) return false;
    const parts = pattern.split("*").map(escapePattern);
    return new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}

/**
 * Whether LiteLLM may list a name: those of a pattern such as `gemini/*` may
 * stand in its list without the provider.
 */
export function isListed(name: string, names: ReadonlySet<string>): boolean {
  if (isServed(name, names)) return true;
  return [...names].some((pattern) => {
    const provider = /^[^*/]+\/(?=.*\*)/.exec(pattern)?.[0];
    return (
      provider !== undefined && isServed(provider + name, new Set([pattern]))
    );
  });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** How to mend a name that is not served. */
export function hintForName(name: string, names: ReadonlySet<string>): string {
  const near = suggest(name, names);
  return near === undefined
    ? `Add it to model_list, or name one of: ${[...names].join(", ")}.`
    : `Did you mean ${near}?`;
}
