import { readFileSync } from "node:fs";
import { decodeText } from "../cli/decode-text.ts";
import { InputError } from "../cli/errors.ts";
import type { Settings } from "../settings/settings.ts";

/** The text of an env's LiteLLM config. Throws InputError where it is no text, or not there. */
export function readConfigText({ config, env }: Settings): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(config);
  } catch (cause) {
    throw new InputError(`the LiteLLM config ${config} cannot be read`, {
      hint: `Set CONFIG in envs/${env}.env to the path of one.`,
      cause,
    });
  }
  return decodeText(bytes, config);
}
