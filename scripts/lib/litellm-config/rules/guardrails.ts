import { suggest } from "../../cli/suggest.ts";
import { GUARDRAILS, GUARDRAIL_MODES } from "../accepted-names.ts";
import { type Mapping, asList, asMapping, section } from "../config-view.ts";
import type { Path, Problem } from "../finding.ts";
import { LITELLM_VERSION } from "../model-map.ts";
import type { Rule } from "../rule.ts";

/** Variables without which LiteLLM does not start, where the guardrail itself does not say it. */
const PRESIDIO = ["presidio_analyzer_api_base", "presidio_anonymizer_api_base"];

/** A guardrail that LiteLLM cannot make: most it leaves out, and answers unguarded. */
export const checkGuardrails: Rule = ({ value }, { provided }) =>
  asList(value.guardrails).flatMap((entry, index) => {
    const params = section(asMapping(entry), "litellm_params");
    const path = ["guardrails", index, "litellm_params"];
    return [
      ...checkName(params.guardrail, [...path, "guardrail"]),
      ...checkModes(params.mode, [...path, "mode"]),
      ...(params.guardrail === "presidio"
        ? checkPresidio(params, path, provided)
        : []),
    ];
  });

function checkName(name: unknown, path: Path): Problem[] {
  // What has a point in its name is code of one's own.
  if (typeof name !== "string" || name.includes(".")) return [];
  return GUARDRAILS.includes(name)
    ? []
    : [describe(name, path, "guardrail", GUARDRAILS)];
}

function checkModes(mode: unknown, path: Path): Problem[] {
  const modes: [unknown, Path][] = Array.isArray(mode)
    ? mode.map((one: unknown, index) => [one, [...path, index]])
    : [[mode, path]];
  return modes.flatMap(([one, place]) =>
    typeof one !== "string" || one === "" || GUARDRAIL_MODES.includes(one)
      ? []
      : [describe(one, place, "guardrail mode", GUARDRAIL_MODES)],
  );
}

function describe(
  name: string,
  path: Path,
  what: string,
  known: readonly string[],
): Problem {
  const near = suggest(name, known);
  return {
    severity: "error",
    path,
    message: `LiteLLM ${LITELLM_VERSION} has no ${what} ${name || '""'}: it would answer without this guardrail`,
    hint:
      near === undefined
        ? `One of: ${known.join(", ")}.`
        : `Did you mean ${near}?`,
  };
}

function checkPresidio(
  params: Mapping,
  path: Path,
  provided: ReadonlySet<string>,
): Problem[] {
  return PRESIDIO.filter(
    (name) => !params[name] && !provided.has(name.toUpperCase()),
  ).map((name) => ({
    severity: "error",
    path: [...path, "guardrail"],
    message: `presidio has no ${name}: LiteLLM does not start without it`,
    hint: `Add ${name}: and the address of that service.`,
  }));
}
