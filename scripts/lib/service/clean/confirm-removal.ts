import type { Confirmation } from "../../cli/confirm.ts";
import { scriptCommand } from "../../cli/script-command.ts";

/** Undefined where nothing goes. `script` with `args` is what removes it. */
export function confirmRemoval(
  titles: readonly string[],
  script: string,
  ...args: readonly string[]
): Confirmation | undefined {
  if (titles.length === 0) return undefined;
  return {
    list: titles,
    question: "Remove all of this?",
    what: "removal",
    command: scriptCommand(script, ...args, "--yes"),
    done: "removed",
  };
}
