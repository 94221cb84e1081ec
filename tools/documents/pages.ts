import { readFileSync } from "node:fs";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { fillBlocks } from "./blocks.ts";
import { formatSettings } from "./settings.ts";
import { formatUsage } from "./usage.ts";
import { USAGES } from "../../command/usages.ts";

export interface Page {
  /** Below the repository's root. */
  file: string;
  /** What it should hold. */
  text: string;
}

/** The pages with generated blocks, as they should be. What stands between the blocks is written by hand. */
export async function makePages(root: string): Promise<Page[]> {
  const usages = USAGES.map((usage): [string, string] => [
    scriptOf(usage.command),
    formatUsage(usage),
  ]);
  return [
    await makePage(root, "docs/commands.md", new Map(usages)),
    await makePage(
      root,
      "docs/settings.md",
      new Map([["settings", formatSettings()]]),
    ),
  ];
}

async function makePage(
  root: string,
  file: string,
  blocks: ReadonlyMap<string, string>,
): Promise<Page> {
  const place = path.join(root, file);
  const filled = fillBlocks(file, readFileSync(place, "utf8"), blocks);
  const config = await resolveConfig(place);
  return {
    file,
    text: await format(filled, { ...config, parser: "markdown" }),
  };
}

/** `deploy.ts [env]` → `deploy.ts` */
function scriptOf(command: string): string {
  return command.split(" ")[0] ?? command;
}
