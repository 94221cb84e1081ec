import { InputError } from "./errors.ts";
import { confirm, isInteractive } from "./terminal.ts";

/** Asks before something changes. Throws InputError where nobody agrees; `command` is the one that does not ask. */
export async function confirmChange(
  question: string,
  what: string,
  command: string,
): Promise<void> {
  if (!isInteractive()) {
    throw new InputError(`nobody is here to confirm the ${what}`, {
      hint: `Confirm it: ${command}`,
    });
  }
  if (!(await confirm(question))) {
    throw new InputError("not confirmed; nothing was changed");
  }
}
