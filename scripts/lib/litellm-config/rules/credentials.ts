import { suggest } from "../../cli/suggest.ts";
import { asList, asMapping, asText } from "../config-view.ts";
import type { Rule } from "../rule.ts";

/** A credential that stands in no credential_list: LiteLLM calls without it (1.108.14, `CredentialAccessor`). */
export const checkCredentials: Rule = ({ value, deployments }) => {
  const names = asList(value.credential_list).flatMap((entry) => {
    const name = asText(asMapping(entry).credential_name);
    return name === undefined ? [] : [name];
  });
  return deployments.flatMap(({ path, params }) => {
    const name = asText(params.litellm_credential_name);
    if (name === undefined || names.includes(name)) return [];
    const near = suggest(name, names);
    const place = [...path, "litellm_params", "litellm_credential_name"];
    return [
      {
        severity: "warning",
        path: place,
        message: `credential_list has no ${name}: LiteLLM calls the model without it`,
        hint:
          near === undefined
            ? "Add it to credential_list, or remove the key."
            : `Did you mean ${near}?`,
        explains: [place],
        missing: [
          ["credential_list"],
          ...asList(value.credential_list).map((_, index) => [
            "credential_list",
            index,
            "credential_name",
          ]),
        ],
      },
    ];
  });
};
