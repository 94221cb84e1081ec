import { InputError } from "./errors.ts";
import { confirm, isInteractive, say } from "./terminal.ts";

/** A question before something changes. */
export interface Confirmation {
  /** What is shown before the question, one line a thing. */
  list?: readonly string[];
  /** `Roll back?` */
  question: string;
  /** What is agreed to: `rollback`. */
  what: string;
  /** The command that does not ask. */
  command: string;
  /** What is not done without it; `changed` otherwise. */
  done?: "removed";
}

/** Throws InputError where nobody agrees. */
export async function askToConfirm({
  list = [],
  question,
  what,
  command,
  done,
}: Confirmation): Promise<void> {
  for (const line of list) say(`- ${line}`);
  if (!isInteractive()) {
    throw new InputError(`nobody is here to confirm the ${what}`, {
      hint: `Confirm it: ${command}`,
    });
  }
  if (!(await confirm(question))) {
    throw new InputError(`not confirmed; nothing was ${done ?? "changed"}`);
  }
}
