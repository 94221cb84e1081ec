import { DATABASE_VARIABLES } from "../../settings/database-variables.ts";
import { type Mapping, section } from "../config-view.ts";
import type { Path } from "../finding.ts";
import { type Rule, walkStrings } from "../rule.ts";

/** A candidate at 0 % would change the tables of what serves. */
export const checkDatabase: Rule = ({ value }, { provided }) => {
  const general = section(value, "general_settings");
  const own = section(value, "environment_variables");
  const places: Path[] = [
    ...(general.database_url === undefined
      ? []
      : [["general_settings", "database_url"]]),
    ...(general.store_model_in_db === true
      ? [["general_settings", "store_model_in_db"]]
      : []),
    ...DATABASE_VARIABLES.filter((name) => own[name] !== undefined).map(
      (name) => ["environment_variables", name],
    ),
  ];
  const found = [
    ...places.map((path) => ({ name: String(path.at(-1)), path })),
    // What an env, or config/service.yaml, gives the service.
    ...DATABASE_VARIABLES.filter((name) => provided.has(name)).map((name) => ({
      name,
      path: findReference(value, name) ?? ["general_settings"],
    })),
  ];
  const [first, ...others] = found;
  if (first === undefined) return [];
  const also = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return [
    {
      severity: "error",
      path: first.path,
      at: "key",
      message: `${first.name}${also} gives LiteLLM a database, which this project does not deploy`,
      hint: "Remove it: LiteLLM migrates the tables when it starts, so a candidate without traffic would change what serves.",
    },
  ];
};

function findReference(value: Mapping, name: string): Path | undefined {
  return [...walkStrings(value)].find(
    ({ text }) => text === `os.environ/${name}`,
  )?.path;
}
