import path from "node:path";
import { whereCalled } from "../lib/cli/where-called.ts";
import type { Arguments } from "../lib/cli/run-script.ts";
import { InputError } from "../lib/cli/errors.ts";
import { checkLitellmConfig } from "../lib/litellm-config/check-litellm-config.ts";
import { readConfigSet } from "../lib/litellm-config/config-set.ts";
import type { Finding } from "../lib/litellm-config/finding.ts";
import {
  formatCounts,
  formatFinding,
} from "../lib/litellm-config/format-findings.ts";
import {
  listVariables,
  readManifest,
} from "../lib/manifest/render-manifest.ts";
import { MAIN } from "../lib/settings/config-files.ts";
import type { Mode } from "../lib/settings/mode.ts";
import { readNamedVariables } from "../lib/settings/named-variables.ts";
import { listKeys } from "../lib/settings/variables.ts";
import { printResult, say } from "../lib/cli/terminal.ts";

const OWN = ["config/litellm.vertex.yaml", "config/litellm.apikey.yaml"];

export function validate(args: Arguments): Promise<boolean> {
  const given = args.positionals.map(whereCalled);
  const files = given.length > 0 ? given : OWN;
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
}

function guessMode(file: string): Mode {
  return path.basename(file).includes("apikey") ? "apikey" : "vertex";
}

function check(config: string, mode: Mode): Finding[] {
  const { main, file, others, findings, cause } = readConfigSet(config);
  if (main === undefined) {
    throw new InputError(`${file} cannot be read`, {
      hint: `Give the path of a LiteLLM config, or of a directory with a ${MAIN}.`,
      cause,
    });
  }
  const checked = checkLitellmConfig(main, {
    file,
    others,
    mode,
    provided: listVariables(readManifest(), {
      keys: listKeys(readNamedVariables(config)),
      variables: {},
    }),
    today: new Date(),
  });
  return [...findings, ...checked.findings];
}
