import { UserError } from "../cli/errors.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { say } from "../cli/terminal.ts";
import { readIdentityToken } from "../google/context.ts";
import { createFetch } from "../google/fetch.ts";
import { asksForIdentity } from "../service/guard.ts";
import type { Session } from "../service/session.ts";
import { findGone } from "./gone.ts";
import type { VerifyOptions } from "./options.ts";
import { chooseStyle, formatClosing, formatResult } from "./report.ts";
import { findServed, readMasterKey, readServedConfig } from "./served.ts";
import type { Protocol } from "./protocol.ts";
import type { CheckResult, VerifyReport, VerifyTarget } from "./target.ts";
import { verifyGateway, verifyProtocol } from "./verify-gateway.ts";

/**
 * Verifies the revision behind a tag, or the one that serves, with the very key
 * and config that it reads. Throws UserError when a check fails.
 */
export async function verifyRevision(
  session: Session,
  tag: string | undefined,
  settleSeconds: number,
): Promise<void> {
  const report = await checkRevision(session, tag, {
    settleSeconds,
    // A candidate comes up behind the guard that the service has; it changes with the traffic.
    ...(tag !== undefined && { guard: "as it is" as const }),
  });
  if (report.ok) return;
  const { env } = session.settings;
  throw new UserError(
    `${String(report.failed)} of ${String(report.passed + report.failed)} checks failed at ${report.url}`,
    {
      hint:
        tag === undefined
          ? `Mend it and deploy again, or look: ${scriptCommand("verify", env)}`
          : "The traffic was not touched: what served before serves on.",
    },
  );
}

interface CheckOptions extends VerifyOptions {
  /** Whatever lets callers in or keeps them out is no part of what is checked. */
  guard?: "as it is";
}

/** Prints each result as it comes, and what it came to. */
export async function checkRevision(
  session: Session,
  tag: string | undefined,
  { guard, ...options }: CheckOptions = {},
): Promise<VerifyReport> {
  const found = await readVerifyTarget(session, tag);
  const target: VerifyTarget =
    guard === undefined ? found : { ...found, access: "public" };
  return tell((onResult) =>
    verifyGateway(target, {
      ...options,
      findGone: () => findGone(session, tag),
      onResult,
    }),
  );
}

/** The same, of what serves, in one client's protocol alone. */
export async function checkProtocol(
  session: Session,
  protocol: Protocol,
  names: readonly string[],
): Promise<VerifyReport> {
  const target = await readVerifyTarget(session, undefined);
  return tell((onResult) =>
    verifyProtocol(target, protocol, names, { onResult }),
  );
}

async function tell(
  verify: (onResult: (result: CheckResult) => void) => Promise<VerifyReport>,
): Promise<VerifyReport> {
  const style = chooseStyle(process.stderr, readProcessEnv());
  const report = await verify((result) => {
    say(formatResult(result, style));
  });
  say(formatClosing(report, style));
  return report;
}

/** What to verify, as Cloud Run has it now. */
async function readVerifyTarget(
  session: Session,
  tag: string | undefined,
): Promise<VerifyTarget> {
  const { settings, context } = session;
  const { service, url, revision } = await findServed(session, tag);
  const [masterKey, { models, redis }, identityToken] = await Promise.all([
    readMasterKey(session, revision),
    readServedConfig(session, revision),
    settings.access === "iam" || asksForIdentity(service)
      ? readIdentityToken(context, service.status?.url ?? url)
      : undefined,
  ]);
  return {
    ...settings,
    baseUrl: url,
    masterKey,
    identityToken,
    fetch: createFetch(context),
    models,
    redis,
  };
}
