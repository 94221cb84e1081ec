import type { Confirmation } from "../../cli/confirm.ts";

/** Undefined where nothing goes. `command` is what removes it; `env`: where it is protected. */
export function confirmRemoval(
  titles: readonly string[],
  command: string,
  env?: string,
): Confirmation | undefined {
  if (titles.length === 0) return undefined;
  return {
    list: titles,
    question: "Remove all of this?",
    what: "removal",
    command,
    done: "removed",
    protected: env,
  };
}
