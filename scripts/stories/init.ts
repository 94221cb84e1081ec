import { InputError } from "../lib/cli/errors.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { scriptCommand } from "../lib/cli/script-command.ts";
import { ask, isInteractive, say } from "../lib/cli/terminal.ts";
import { requireFree, writeEnv } from "../lib/settings/new-env.ts";

export async function init(args: Arguments): Promise<boolean> {
  const env = args.positionals[0] ?? "staging";
  const file = requireFree(env);
  const take = async (name: string, like: string): Promise<string> => {
    const given = args.value(name);
    if (given !== undefined) return given;
    if (isInteractive()) return ask(`${name} (${like}): `);
    throw new InputError(`nobody is here to be asked for the ${name}`, {
      hint: `Give it: ${scriptCommand("init", env)} --${name}=…`,
    });
  };
  const project = await take("project", "its id, such as my-project");
  const region = await take("region", "such as us-central1");
  const mode = await take("mode", "vertex or apikey");
  writeEnv(file, { env, project, region, mode });
  say(`${file} is written. What a deploy would do:`);
  say(`  ${scriptCommand("plan", env)}`);
  return true;
}
