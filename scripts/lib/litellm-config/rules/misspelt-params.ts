import schema from "../../../../config/litellm.schema.json" with { type: "json" };
import { suggest } from "../../cli/suggest.ts";
import type { Rule } from "../rule.ts";

const KNOWN = Object.keys(schema.$defs.litellm_params.properties);

/** A parameter that is almost a well-known one: LiteLLM passes on whatever it does not know. */
export const checkParams: Rule = ({ deployments }) =>
  deployments.flatMap(({ path, params }) =>
    Object.keys(params)
      .filter((name) => !KNOWN.includes(name))
      .flatMap((name) => {
        const near = suggest(name, KNOWN);
        if (near === undefined) return [];
        return [
          {
            severity: "warning",
            path: [...path, "litellm_params", name],
            at: "key",
            message: `${name} is no parameter of LiteLLM, which passes it on to the model`,
            hint: `Did you mean ${near}?`,
            explains: [[...path, "litellm_params", near]],
          },
        ];
      }),
  );
