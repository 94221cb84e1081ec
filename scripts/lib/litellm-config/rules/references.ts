import { suggest } from "../../cli/suggest.ts";
import { section } from "../config-view.ts";
import type { Path, Problem } from "../finding.ts";
import { type Rule, type RuleContext, walkStrings } from "../rule.ts";

const PREFIX = "os.environ/";

/**
 * `os.environ/NAME` that stays empty: LiteLLM makes "nothing" of a name that is
 * not set, and leaves as it is what is not the whole value of a mapping's key.
 */
export const checkReferences: Rule = (config, context) =>
  [...walkStrings(config.value)].flatMap(({ text, path }) => {
    const problem = text.includes(PREFIX)
      ? checkReference(text, path, {
          ...context,
          own: new Set(
            Object.keys(section(config.value, "environment_variables")),
          ),
        })
      : checkShellStyle(text, path);
    return problem === undefined
      ? []
      : [{ severity: "error" as const, path, ...problem }];
  });

type Description = Pick<Problem, "message" | "hint"> &
  Partial<Pick<Problem, "severity" | "topic">>;

function checkReference(
  text: string,
  path: Path,
  context: RuleContext & { own: ReadonlySet<string> },
): Description | undefined {
  const start = isHeader(path) ? text.indexOf(PREFIX) : 0;
  const name = text.startsWith(PREFIX, start)
    ? text.slice(start + PREFIX.length)
    : "";
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return {
      message: `${PREFIX}… is not the whole value here, so LiteLLM leaves it as it is`,
      hint: `Write ${PREFIX}NAME and nothing else; put the rest into the value of NAME.`,
    };
  }
  if (isUnresolved(path)) {
    return {
      message: `LiteLLM does not resolve ${PREFIX}${name} in a list`,
      hint: "Only the values of a mapping's keys are resolved: move it there, or write the value itself.",
    };
  }
  if (context.provided.has(name)) return undefined;
  const topic = `${name} is not in the service's environment`;
  const message = `${topic}, so LiteLLM gets nothing here`;
  if (context.own.has(name)) {
    const hint =
      "LiteLLM resolves references before it reads environment_variables: write the value itself.";
    return { message, hint, topic };
  }
  const near = suggest(name, context.provided);
  if (near !== undefined) {
    return { message, topic, hint: `Did you mean ${PREFIX}${near}?` };
  }
  return context.env === undefined
    ? {
        severity: "warning",
        message: `${name} has no value but in an env that gives it one`,
        topic: `${name} has no value but in an env that gives it one`,
        hint: `Each env that deploys this file needs it: write ${name}=… into its file, or SECRET_VARIABLES=${name} where it is a secret.`,
      }
    : {
        message,
        topic,
        hint: `Write ${name}=… into envs/${context.env}.env, or SECRET_VARIABLES=${name} where it is a secret.`,
      };
}

/** A pass-through endpoint's header may have words before the reference: `bearer os.environ/NAME`. */
function isHeader(path: Path): boolean {
  const [section, key, , headers] = path;
  return (
    section === "general_settings" &&
    key === "pass_through_endpoints" &&
    headers === "headers" &&
    path.length === 5
  );
}

/** Strings in lists, and everything in a list that is itself in a list (LiteLLM 1.108.14, `_resolved_config_value`). */
function isUnresolved(path: Path): boolean {
  return path.some(
    (part, depth) =>
      typeof part === "number" &&
      (depth === path.length - 1 || typeof path[depth + 1] === "number"),
  );
}

function checkShellStyle(text: string, path: Path): Description | undefined {
  const name = /^\$(?:\{(\w+)\}|([A-Z_][A-Z0-9_]*))$/
    .exec(text)
    ?.slice(1)
    .find(Boolean);
  if (name === undefined || path.length === 0) return undefined;
  return {
    message: `LiteLLM does not expand ${text}`,
    hint: `Write ${PREFIX}${name}.`,
  };
}
