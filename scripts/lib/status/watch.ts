import { setTimeout } from "node:timers/promises";
import { UserError } from "../cli/errors.ts";
import { printResult } from "../cli/terminal.ts";

const SECONDS = 5;

/** Home, then clear what is below: a terminal's own words for it (ECMA-48, CUP and ED). */
const AGAIN = "\u001b[H\u001b[J";

/** Shows what `look` says, again and again, until the process is interrupted. A failure is shown, and may pass. */
export async function watch(look: () => Promise<string>): Promise<never> {
  let shown = "";
  for (;;) {
    const text = await look().catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return `error: ${error.message}`;
    });
    if (process.stdout.isTTY) printResult(`${AGAIN}${text}\n\nCtrl-C ends it.`);
    else if (text !== shown) printResult(text);
    shown = text;
    await setTimeout(SECONDS * 1000);
  }
}
