import { UserError } from "../core/user-error.ts";
import { widthOf, wrap } from "./wrap.ts";

/**
 * Runs what a user watches, and sets the exit code that it returns: 130 where a
 * signal ended it, the error's own after a UserError.
 */
export async function runStory(
  play: (interrupted: AbortSignal) => Promise<number>,
): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      interrupted.abort();
    });
  }
  try {
    process.exitCode = await play(interrupted.signal);
  } catch (error) {
    process.exitCode = interrupted.signal.aborted ? 130 : tell(error);
  }
}

/** For people: standard output is for results. What is indented, or a command, stays as it is. */
export function say(text: string): void {
  const width = widthOf(process.stderr);
  const lines = text
    .split("\n")
    .flatMap((line) => (/^( |\$ |$)/.test(line) ? [line] : wrap(line, width)));
  process.stderr.write(`${lines.join("\n")}\n`);
}

/** A user's mistake is told in its own words, a bug with its stack. Returns the exit code. */
function tell(error: unknown): number {
  if (!(error instanceof UserError)) {
    say(String(error instanceof Error ? error.stack : error));
    return 1;
  }
  say(`error: ${error.message}`);
  if (error.hint !== undefined) say(`  ${error.hint}`);
  return error.exitCode;
}
