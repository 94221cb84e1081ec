import { runScript } from "../../../scripts/lib/cli/run-script.ts";
import { printResult } from "../../../scripts/lib/cli/terminal.ts";
import {
  deployUsage,
  toKeyWishes,
} from "../../../scripts/lib/service/deploy/usage.ts";
import { collectKeys } from "../../../scripts/lib/service/keys.ts";
import { emptyState, settingsWith } from "../states.ts";
import { payloadsOf, plainService } from "../stored-keys.ts";

/**
 * What a deploy does about keys with the shell's MODE (default: apikey), in an empty project: the
 * options are its own, PLAIN_KEY in the shell is a master key that the bash flow
 * left in the service. Prints the keys.
 */
await runScript(deployUsage, () => async (args) => {
  const settings = settingsWith({ MODE: process.env.MODE ?? "apikey" });
  const plain = process.env.PLAIN_KEY;
  const service =
    plain === undefined
      ? undefined
      : plainService(settings, { LITELLM_MASTER_KEY: plain });
  const keys = await collectKeys(
    settings,
    { ...emptyState(), service },
    payloadsOf({}),
    toKeyWishes(args, settings.keys, false),
  );
  const shown = Object.entries(keys).map(([name, { value, preview }]) => [
    name,
    { value: value.reveal(), preview },
  ]);
  printResult(JSON.stringify(Object.fromEntries(shown)));
  return true;
});
