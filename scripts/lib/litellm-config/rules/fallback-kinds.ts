import { type ClientModel, summarize } from "../client-models.ts";
import type { Problem } from "../finding.ts";
import type { Rule } from "../rule.ts";

/** Fallbacks that answer with something else than was asked for. */
export const checkFallbackKinds: Rule = (config) => {
  const models = new Map(
    summarize(config).models.map((model) => [model.name, model]),
  );
  return config.fallbacks.flatMap(({ from, targets }) =>
    targets.flatMap(({ name, path }) => {
      const first = models.get(from);
      const second = models.get(name);
      if (first === undefined || second === undefined) return [];
      const problem = compare(first, second);
      return problem === undefined ? [] : [{ path, ...problem }];
    }),
  );
};

function compare(
  from: ClientModel,
  to: ClientModel,
): Omit<Problem, "path"> | undefined {
  if (from.kind === "other" || to.kind === "other") return undefined;
  if (from.kind !== to.kind) {
    return {
      severity: "error",
      message: `${from.name} is for ${from.kind} and falls back to ${to.name}, which is for ${to.kind}`,
      hint: `Name a model for ${from.kind}.`,
    };
  }
  if (from.kind === "chat" || from.name === to.name) return undefined;
  if (listModels(from) === listModels(to)) return undefined;
  return {
    severity: "warning",
    message: `${from.name} falls back to the embeddings of another model`,
    hint: "Remove it: vectors of two models cannot be compared, and nobody would notice the mixture.",
  };
}

function listModels({ deployments }: ClientModel): string {
  const names = deployments.map(({ model }) => model.split("/").at(-1));
  return [...new Set(names)].sort().join(" ");
}
