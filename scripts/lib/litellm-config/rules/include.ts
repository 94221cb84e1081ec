import type { Rule } from "../rule.ts";

/** Only this one file reaches the service. */
export const checkInclude: Rule = ({ value }) => {
  if (value.include === undefined) return [];
  return [
    {
      severity: "error",
      path: ["include"],
      at: "key",
      message:
        "include names further files, but only this one reaches the service",
      hint: "Put everything into this file.",
    },
  ];
};
