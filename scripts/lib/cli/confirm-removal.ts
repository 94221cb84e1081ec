import { InputError } from "./errors.ts";
import { confirm, isInteractive, say } from "./terminal.ts";

/**
 * Shows what goes and asks. Throws InputError where nobody agrees; `command`
 * is the one that does not ask.
 */
export async function confirmRemoval(
  titles: readonly string[],
  command: string,
): Promise<void> {
  for (const title of titles) say(`- ${title}`);
  if (!isInteractive()) {
    throw new InputError("nobody is here to confirm the removal", {
      hint: `Confirm it: ${command}`,
    });
  }
  if (!(await confirm("Remove all of this?"))) {
    throw new InputError("not confirmed; nothing was removed");
  }
}
