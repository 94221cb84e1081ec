import type { ConfigView, Fallback } from "../config-view.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";
import {
  aboutMissing,
  hintForName,
  isServed,
  listNames,
} from "../served-names.ts";

/** Fallbacks from or to a name that is not served, or that cannot help. */
export const checkFallbacks: Rule = (config) => {
  const names = listNames(config);
  return [
    ...config.fallbacks.flatMap((fallback) => [
      ...checkFrom(fallback, names, config),
      ...checkTargets(fallback, names, config),
    ]),
    ...checkRepeated(config.fallbacks),
    ...checkAliasesWithout(config),
  ];
};

function checkFrom(
  { setting, from, fromPath }: Fallback,
  names: ReadonlySet<string>,
  config: ConfigView,
): Problem[] {
  if (from === "*" || isServed(from, names)) return [];
  return [
    {
      severity: "error",
      path: fromPath,
      at: "key",
      message: `${setting} of ${from}, which is no model_name and no alias`,
      hint: hintForName(from, names),
      ...aboutMissing(from, config),
    },
  ];
}

function checkTargets(
  { from, targets }: Fallback,
  names: ReadonlySet<string>,
  config: ConfigView,
): Problem[] {
  return targets.flatMap(({ name, path }): Problem[] => {
    if (name === from) {
      return [
        {
          severity: "warning",
          path,
          message: `${from} falls back to itself`,
          hint: "Name another model: this one has just failed.",
        },
      ];
    }
    if (isServed(name, names)) return [];
    return [
      {
        severity: "error",
        path,
        message: `${from} falls back to ${name}, which is no model_name and no alias`,
        hint: hintForName(name, names),
        ...aboutMissing(name, config),
      },
    ];
  });
}

function checkRepeated(fallbacks: readonly Fallback[]): Problem[] {
  const seen = new Set<string>();
  return fallbacks.flatMap(({ setting, from, fromPath }): Problem[] => {
    const key = `${setting} ${from}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      {
        severity: "warning",
        path: fromPath,
        at: "key",
        message: `a second entry of ${from} in ${setting}: LiteLLM takes the first`,
        hint: "Put all its models into one list.",
      },
    ];
  });
}

/** A call by alias only has the fallbacks of the alias (seen with LiteLLM 1.108.14). */
function checkAliasesWithout({ aliases, fallbacks }: ConfigView): Problem[] {
  const targets = new Map(
    fallbacks
      .filter(({ setting }) => setting === "fallbacks")
      .map((fallback) => [fallback.from, fallback.targets]),
  );
  return aliases.flatMap(({ name, target, path }): Problem[] => {
    const wanted = targets.get(target) ?? [];
    if (wanted.length === 0 || targets.has(name)) return [];
    const list = wanted.map((one) => one.name).join(", ");
    return [
      {
        severity: "warning",
        path,
        at: "key",
        message: `calls by the alias ${name} do not have the fallbacks of ${target}`,
        hint: `Add \`- ${name}: [${list}]\` to fallbacks.`,
      },
    ];
  });
}
