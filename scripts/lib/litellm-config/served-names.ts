import { suggest } from "../cli/suggest.ts";
import { type ConfigView, asList, asMapping, asText } from "./config-view.ts";
import type { Problem } from "./finding.ts";

/** Every model_name, whatever else is wrong with its entry. */
export function listGroups({ value }: ConfigView): Set<string> {
  const names = asList(value.model_list).map((entry) =>
    asText(asMapping(entry).model_name),
  );
  return new Set(names.filter((name) => name !== undefined));
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

/** Of a problem with a name that is not served: which others are the same mistake, and where its cause may stand. */
export function aboutMissing(
  name: string,
  { value }: ConfigView,
): Pick<Problem, "topic" | "missing"> {
  return {
    topic: `${name} is no model_name and no alias`,
    missing: [
      ["model_list"],
      ...asList(value.model_list).map((_, i) => [
        "model_list",
        i,
        "model_name",
      ]),
      ["router_settings", "model_group_alias"],
    ],
  };
}

/** How to mend a name that is not served. */
export function hintForName(name: string, names: ReadonlySet<string>): string {
  const near = suggest(name, names);
  return near === undefined
    ? `Add it to model_list, or name one of: ${[...names].join(", ")}.`
    : `Did you mean ${near}?`;
}
