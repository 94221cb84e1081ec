import { scriptCommand } from "../cli/script-command.ts";
import * as accounts from "../google/commands/accounts.ts";
import * as apis from "../google/commands/apis.ts";
import { readServiceLog } from "../google/commands/logging.ts";
import { addGrant } from "../google/commands/policies.ts";
import * as run from "../google/commands/run.ts";
import { addPipedVersion } from "../google/commands/secrets.ts";
import { formatCommand, toRead } from "../google/gcloud.ts";
import { vertexGrant } from "../service/prepare/plan-access.ts";
import type { VerifyTarget } from "./target.ts";

// Commands that hints name; each is a line of its own, to be pasted.

export function deployAgain(t: VerifyTarget): string {
  return scriptCommand("deploy", t.env);
}

export function checkModel(t: VerifyTarget): string {
  return scriptCommand("connect", t.env, "curl", "--model=NAME", "--check");
}

export function describeService(t: VerifyTarget): string {
  return formatCommand(toRead(run.describeService(t)));
}

export function readLogs(t: VerifyTarget): string {
  return formatCommand(readServiceLog(t));
}

export function addVertexRole(t: VerifyTarget): string {
  return formatCommand(toRead(addGrant(vertexGrant(t))));
}

export function describeAccount(t: VerifyTarget): string {
  return formatCommand(accounts.describeAccount(t, t.serviceAccount));
}

export function enableApi(t: VerifyTarget, api: string): string {
  return formatCommand(apis.enableApis(t, [api]));
}

export function storeGeminiKey(t: VerifyTarget): string {
  const add = toRead(addPipedVersion(t, t.keySecrets.geminiKey));
  return `printf %s "$GEMINI_API_KEY" | ${formatCommand(add)}`;
}
