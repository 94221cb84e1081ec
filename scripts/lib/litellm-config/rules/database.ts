import { section } from "../config-view.ts";
import type { Path } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** Variables that lead LiteLLM to a database (litellm/proxy/proxy_cli.py), or make it keep models there. */
const VARIABLES = [
  "DATABASE_URL",
  "DATABASE_URL_READ_REPLICA",
  "DATABASE_HOST",
  "DATABASE_NAME",
  "DIRECT_URL",
  "STORE_MODEL_IN_DB",
];

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
    ...VARIABLES.filter((name) => own[name] !== undefined).map((name) => [
      "environment_variables",
      name,
    ]),
    ...VARIABLES.filter((name) => provided.has(name)).map(() => [
      "general_settings",
    ]),
  ];
  const [first, ...others] = places;
  if (first === undefined) return [];
  const name =
    first.length === 1
      ? (VARIABLES.find((variable) => provided.has(variable)) ?? "")
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
