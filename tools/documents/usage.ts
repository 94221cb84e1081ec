import {
  COMMON_OPTIONS,
  type Option,
  type Usage,
} from "../../scripts/lib/cli/run-script.ts";
import { code, formatTable, toProse } from "./table.ts";

/** What `--help` says of a script, as Markdown. */
export function formatUsage(usage: Usage): string {
  const options = { ...usage.options, ...COMMON_OPTIONS };
  const rows = Object.entries(options).map(([name, option]) => [
    formatOption(name, option),
    toProse(option.help),
  ]);
  return [
    "```sh",
    `npx tsx scripts/${usage.command} [options]`,
    "```",
    "",
    ...usage.summary.split("\n\n").flatMap((text) => [toProse(text), ""]),
    formatTable(["option", "what it does"], rows),
  ].join("\n");
}

function formatOption(name: string, { short, type, values }: Option): string {
  const value = type === "string" ? `=${values?.join("|") ?? "VALUE"}` : "";
  const long = code(`--${name}${value}`);
  return short === undefined ? long : `${code(`-${short}`)}, ${long}`;
}
