import { suggest } from "../../cli/suggest.ts";
import { CALLBACKS } from "../accepted-names.ts";
import { asList, section } from "../config-view.ts";
import type { Problem } from "../finding.ts";
import { LITELLM_VERSION } from "../model-map.ts";
import type { Rule } from "../rule.ts";

/** LiteLLM takes a callback that it does not know for a file of Python, and does not start without it. */
export const checkCallbacks: Rule = ({ value }) => {
  const { callbacks } = section(value, "litellm_settings");
  const path = ["litellm_settings", "callbacks"];
  if (typeof callbacks === "string" && !callbacks.includes(".")) {
    return [
      {
        severity: "error",
        path,
        message: "callbacks is one name: LiteLLM does not start with it",
        hint: `Write a list: callbacks: [${callbacks}].`,
      },
    ];
  }
  const known = [
    ...CALLBACKS,
    ...Object.keys(section(value, "callback_settings")),
  ];
  return asList(callbacks).flatMap((name, index): Problem[] => {
    // What has a point in its name is code of one's own.
    if (typeof name !== "string" || name.includes(".")) return [];
    if (known.includes(name)) return [];
    const near = suggest(name, known);
    return [
      {
        severity: "error",
        path: [...path, index],
        message: `LiteLLM ${LITELLM_VERSION} has no callback ${name || '""'}, and does not start with it`,
        hint: near === undefined ? "Remove it." : `Did you mean ${near}?`,
      },
    ];
  });
};
