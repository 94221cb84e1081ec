import { InputError } from "../lib/cli/errors.ts";
import { hideSecrets } from "../lib/cli/hide-secrets.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { ask, isInteractive, say } from "../lib/cli/terminal.ts";
import {
  type Question,
  QUESTIONS,
  requireFree,
  requireValid,
  writeEnv,
} from "../lib/settings/new-env.ts";
import { findProblem } from "../lib/settings/schema.ts";

export async function init(args: Arguments): Promise<boolean> {
  const env = args.positionals[0] ?? "staging";
  const file = requireFree(env);
  requireValid((option) => args.value(option));
  const values = new Map<string, string>();
  for (const question of QUESTIONS) {
    const { option, setting } = question;
    values.set(setting, args.value(option) ?? (await answer(env, question)));
  }
  writeEnv(file, env, values);
  say(`${file} is written. What a deploy would do:`);
  say(`  ${scriptCommand("plan", env)}`);
  return true;
}

/** The same question until its answer is valid. Throws InputError where nobody answers. */
async function answer(
  env: string,
  { option, setting, like }: Question,
): Promise<string> {
  const hint = `Give it: ${scriptCommand("init", env)} --${option}=…`;
  if (!isInteractive()) {
    throw new InputError(`nobody is here to be asked for the ${option}`, {
      hint,
    });
  }
  for (;;) {
    const given = await ask(`${option} (${like}): `);
    if (given === undefined) {
      throw new InputError(`no ${option} was given; nothing is written`, {
        hint,
      });
    }
    const problem = findProblem(setting, given);
    if (problem === undefined) return given;
    say(`  ${hideSecrets(problem)}`);
  }
}
