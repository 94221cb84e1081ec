import type { Alias, ConfigView } from "../config-view.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";
import {
  aboutMissing,
  hintForName,
  isServed,
  listGroups,
} from "../served-names.ts";

/** Aliases that lead nowhere, or hide a model of the same name. */
export const checkAliases: Rule = (config) => {
  const groups = listGroups(config);
  return config.aliases.flatMap((alias) => checkAlias(alias, config, groups));
};

function checkAlias(
  { name, target, path }: Alias,
  config: ConfigView,
  groups: ReadonlySet<string>,
): Problem[] {
  const problems: Problem[] = [];
  const next = config.aliases.find((alias) => alias.name === target);
  if (next !== undefined) {
    problems.push({
      severity: "error",
      path,
      message: `alias ${name} names another alias, ${target}: LiteLLM does not follow it`,
      hint: `Name the model itself: ${next.target}.`,
    });
  } else if (!isServed(target, groups)) {
    problems.push({
      severity: "error",
      path,
      message: `alias ${name} names ${target}, which is no model_name`,
      hint: hintForName(target, groups),
      ...aboutMissing(target, config),
    });
  }
  if (groups.has(name)) {
    problems.push({
      severity: "error",
      path,
      at: "key",
      message: `alias ${name} hides the model_name ${name}: its deployments are never called`,
      hint: "Remove the alias, or rename the model.",
    });
  }
  return problems;
}
