import project from "../../package.json" with { type: "json" };
import {
  FLOOR,
  READ_ON,
  findMissing,
  isOlder,
  versionOf,
} from "../lib/advisories/advisories.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { printResult } from "../lib/cli/terminal.ts";
import { readImage } from "../lib/settings/read-image.ts";

export async function version(args: Arguments): Promise<boolean> {
  const env = args.positionals[0] ?? "dev";
  const image = readImage(env);
  const litellm = versionOf(image);
  const missing = litellm === undefined ? [] : findMissing(litellm);
  const older = litellm !== undefined && isOlder(litellm);
  const safe = missing.length === 0 && !older;
  const { version } = project;
  if (args.flag("json")) {
    const result = {
      version,
      env,
      image,
      litellm,
      read: READ_ON,
      older,
      missing,
    };
    printResult(JSON.stringify(result, null, 2));
    return Promise.resolve(safe);
  }
  printResult(`litellm-cloudrun ${version}`);
  printResult(
    `LiteLLM ${litellm ?? "(the image's tag does not tell)"} in env ${env}: ${image}`,
  );
  for (const { id, cve, about, source } of missing) {
    const name = cve === null ? id : `${cve} (${id})`;
    printResult(`lacks the fix of ${name}: ${about}\n  ${source}`);
  }
  if (older) {
    printResult(`Before ${FLOOR} there are holes that are publicly known.`);
  }
  if (!safe) printResult(`Set a newer IMAGE in envs/${env}.env.`);
  else if (litellm !== undefined) {
    printResult(`No fix is lacking of those known on ${READ_ON}.`);
  }
  return Promise.resolve(safe);
}
