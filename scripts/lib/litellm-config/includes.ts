import { suggest } from "../cli/suggest.ts";
import { MAIN, toName } from "../settings/config-files.ts";
import { isMapping } from "./config-view.ts";
import type { Finding, Problem } from "./finding.ts";
import type { MergedConfig, Source } from "./merged-config.ts";

/** `others`: the names of what lies beside the config; undefined: it comes alone. */
export function checkIncludes(
  { sources, replaced }: MergedConfig,
  others: readonly string[] | undefined,
): Finding[] {
  const [main, ...included] = sources;
  return [
    ...sources.flatMap((source) =>
      checkInclude(source, others).map((problem) => locate(source, problem)),
    ),
    ...included.filter(isNoMapping).map((source) =>
      locate(source, {
        severity: "error",
        path: [],
        message: `${source.name} is no mapping, and LiteLLM does not start with such an include`,
        hint: `Write sections as in ${main.name}: model_list, litellm_settings and so on.`,
      }),
    ),
    ...replaced.map(({ key, source, before }) =>
      locate(source, {
        severity: "warning",
        path: [key],
        at: "key",
        message: `${key} stands in ${before.name} too, of which LiteLLM takes nothing then: only lists are put together`,
        hint: "Keep the section in one of the two.",
      }),
    ),
  ];
}

function locate(source: Source, problem: Problem): Finding {
  return { file: source.file, ...source.document.locate(problem) };
}

function isNoMapping({ document: { value } }: Source): boolean {
  return value !== undefined && value !== null && !isMapping(value);
}

function checkInclude(
  { document: { value } }: Source,
  others: readonly string[] | undefined,
): Problem[] {
  if (!isMapping(value) || !("include" in value)) return [];
  const { include } = value;
  const path = ["include"];
  if (others === undefined) {
    if (Array.isArray(include) && include.length === 0) return [];
    return [
      {
        severity: "error",
        path,
        at: "key",
        message:
          "include names further files, but only this one reaches the service",
        hint: `Put them into one directory, this file as ${MAIN}, and set CONFIG to the directory. Or put everything into this file.`,
      },
    ];
  }
  const entries: unknown[] = Array.isArray(include) ? include : [undefined];
  if (entries.some((entry) => typeof entry !== "string")) {
    return [
      {
        severity: "error",
        path,
        at: "key",
        message:
          "include is no list of files, and LiteLLM does not start with it",
        hint: "Write a list, or remove the key: include: [models.yaml]",
      },
    ];
  }
  return entries.flatMap((entry, index) => {
    const name = toName(String(entry));
    if (name === MAIN || others.includes(name)) return [];
    const near = suggest(name, others);
    return [
      {
        severity: "error" as const,
        path: [...path, index],
        message: `${String(entry)} does not lie beside this config, and LiteLLM does not start without it`,
        hint:
          near === undefined
            ? "Put it into the directory of this config, or do not include it."
            : `Did you mean ${near}?`,
      },
    ];
  });
}
