import { DATABASE_VARIABLES } from "../../settings/database-variables.ts";
import { section } from "../config-view.ts";
import type { Path } from "../finding.ts";
import type { Rule } from "../rule.ts";

const KEYS = ["database_url"];

/** A candidate at 0 % would change the tables of what serves. */
export const checkDatabase: Rule = ({ value }, { provided }) => {
  const general = section(value, "general_settings");
  const own = section(value, "environment_variables");
  const places: Path[] = [
    ...KEYS.filter((key) => general[key] !== undefined).map((key) => [
      "general_settings",
      key,
    ]),
    ...(general.store_model_in_db === true
      ? [["general_settings", "store_model_in_db"]]
      : []),
    ...DATABASE_VARIABLES.filter((name) => own[name] !== undefined).map(
      (name) => ["environment_variables", name],
    ),
    ...DATABASE_VARIABLES.filter((name) => provided.has(name)).map(() => [
      "general_settings",
    ]),
  ];
  const [first, ...others] = places;
  if (first === undefined) return [];
  const name =
    first.length === 1
      ? (DATABASE_VARIABLES.find((variable) => provided.has(variable)) ?? "")
      : String(first.at(-1));
  const also = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [
    {
      severity: "error",
      path: first,
      at: "key",
      message: `${name}${also} gives LiteLLM a database, which this project does not deploy`,
      hint: "Remove it: LiteLLM migrates the tables when it starts, so a candidate without traffic would change what serves.",
    },
  ];
};
