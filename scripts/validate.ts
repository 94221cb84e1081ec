import { readFileSync } from "node:fs";
import path from "node:path";
import { runScript } from "./lib/cli/run-script.ts";
import { validateUsage } from "./lib/litellm-config/usage.ts";
import { decodeText } from "./lib/cli/decode-text.ts";
import { InputError } from "./lib/cli/errors.ts";
import { checkLitellmConfig } from "./lib/litellm-config/check-litellm-config.ts";
import type { Finding } from "./lib/litellm-config/finding.ts";
import {
  formatCounts,
  formatFinding,
} from "./lib/litellm-config/format-findings.ts";
import { listVariables, readManifest } from "./lib/manifest/render-manifest.ts";
import type { Mode } from "./lib/settings/mode.ts";
import { readNamedVariables } from "./lib/settings/named-variables.ts";
import { listKeys } from "./lib/settings/variables.ts";
import { printResult, say } from "./lib/cli/terminal.ts";

const OWN = ["config/litellm.vertex.yaml", "config/litellm.apikey.yaml"];

await runScript(validateUsage, (args) => {
  const files = args.positionals.length > 0 ? args.positionals : OWN;
  const asked = args.value("mode") as Mode | undefined;
  const findings = files.flatMap((file) =>
    check(file, asked ?? guessMode(file)),
  );
  if (args.flag("json")) printResult(JSON.stringify({ findings }, null, 2));
  else for (const finding of findings) say(formatFinding(finding));
  if (findings.some(({ severity }) => severity === "error")) {
    throw new InputError(formatCounts(findings));
  }
  say(`${files.join(", ")}: ${formatCounts(findings)}`);
  return Promise.resolve(true);
});

function guessMode(file: string): Mode {
  return path.basename(file).includes("apikey") ? "apikey" : "vertex";
}

function check(file: string, mode: Mode): Finding[] {
  const { findings } = checkLitellmConfig(readConfig(file), {
    file,
    mode,
    provided: listVariables(readManifest(), {
      keys: listKeys(readNamedVariables(file)),
      variables: {},
    }),
    today: new Date(),
  });
  return findings;
}

function readConfig(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new InputError(`${file} cannot be read`, {
      hint: "Give the path of a LiteLLM config.",
      cause,
    });
  }
  return decodeText(bytes, file);
}
