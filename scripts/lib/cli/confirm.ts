import { InputError } from "./errors.ts";
import { readProcessEnv } from "./process-env.ts";
import type { Arguments } from "./run-script.ts";
import { ask, isInteractive, say } from "./terminal.ts";

/** A question before something changes. */
export interface Confirmation {
  /** What is shown before the question, one line a thing. */
  list?: readonly string[];
  /** `Roll back?` */
  question: string;
  /** What is agreed to: `rollback`. */
  what: string;
  /** The command that does not ask; without a flag that agrees. */
  command: string;
  /** What is not done without it; `changed` otherwise. */
  done?: "removed" | "sent";
  /** A protected env: its name is to be typed, or given by --confirm; --yes is not enough. */
  protected?: string | undefined;
}

/** Throws InputError where nobody agrees. */
export async function askToConfirm(
  args: Arguments,
  confirmation: Confirmation,
): Promise<void> {
  const { list = [], what, command, protected: env } = confirmation;
  if (env === undefined ? args.flag("yes") : isNamed(args, env)) return;
  for (const line of list) say(`- ${line}`);
  const flag = env === undefined ? "--yes" : `--confirm=${env}`;
  if (!isInteractive()) {
    const why = env === undefined ? "" : `: env ${env} is protected`;
    throw new InputError(`nobody is here to confirm the ${what}${why}`, {
      hint: `Confirm it: ${command} ${flag}`,
    });
  }
  if (!(await agrees(confirmation))) {
    throw new InputError(
      `not confirmed; nothing was ${confirmation.done ?? "changed"}`,
    );
  }
}

/** `--confirm=ENV`, or CONFIRM in the shell (cloudbuild.yaml's _CONFIRM). */
function isNamed(args: Arguments, env: string): boolean {
  return [args.value("confirm"), readProcessEnv().CONFIRM].includes(env);
}

async function agrees({
  question,
  protected: env,
}: Confirmation): Promise<boolean> {
  if (env === undefined) {
    return /^y(es)?$/i.test((await ask(`${question} [y/N] `)) ?? "");
  }
  return (await ask(`${question} Type the env's name, ${env}: `)) === env;
}
