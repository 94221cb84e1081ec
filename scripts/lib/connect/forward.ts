import { UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { printResult, say } from "../cli/terminal.ts";
import { readGcloudContext, readIdentityToken } from "../google/context.ts";
import { createFetch } from "../google/fetch.ts";
import { asksForIdentity } from "../service/guard.ts";
import type { Session } from "../service/session.ts";
import { findServed } from "../verify/served.ts";
import { keepIdentity } from "./identity.ts";
import { startProxy } from "./proxy.ts";

/** `--proxy`: until Ctrl-C, which ends the process. Prints the URL. */
export async function forwardUntilInterrupted(
  session: Session,
  port: number,
): Promise<never> {
  const { env } = session.settings;
  const { service, url } = await findServed(session, undefined);
  if (!asksForIdentity(service)) {
    throw new UserError(
      `env ${env} needs no proxy: Cloud Run asks its callers for no identity`,
      {
        hint: `The settings lead to it: ${scriptCommand("connect", env, "CLIENT")}`,
      },
    );
  }
  const identity = keepIdentity(async () =>
    readIdentityToken(await readGcloudContext({ renew: true }), url),
  );
  // Whoever has none is told now, not at the first request.
  await identity();
  const proxy = await startProxy({
    port,
    target: url,
    fetch: createFetch(session.context),
    identity,
    log: say,
  });
  printResult(proxy.url);
  say(`forwards to ${url} until Ctrl-C, with an identity that is renewed`);
  return new Promise(() => undefined);
}
