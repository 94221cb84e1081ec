import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Mode } from "../../scripts/lib/litellm-config/rule.ts";

const FOLDER = path.join(
  import.meta.dirname,
  "../scripts/litellm-config/cases",
);

/** A config to judge. */
export interface Case {
  name: string;
  mode: Mode;
  text: string;
}

/** Configs that were once misjudged. */
export const CASES: Case[] = readdirSync(FOLDER).map((name) => ({
  name,
  mode: /^(gemini|apikey)-/.test(name) ? "apikey" : "vertex",
  text: readFileSync(path.join(FOLDER, name), "utf8"),
}));
