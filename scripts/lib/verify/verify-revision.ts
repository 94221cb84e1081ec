import { listServedModels } from "../litellm-config/load-config.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { describeService } from "../google/commands/run.ts";
import { formatCommand, toRead } from "../google/gcloud.ts";
import { setTimeout } from "node:timers/promises";
import { asksForIdentity } from "../service/guard.ts";
import { UserError } from "../cli/errors.ts";
import { readIdentityToken } from "../google/context.ts";
import { createFetch } from "../google/route.ts";
import { readProcessEnv } from "../cli/process-env.ts";
import { SecretValue } from "../cli/secret-value.ts";
import { NoVersionError } from "../google/secret-payloads.ts";
import type { Session } from "../service/session.ts";
import { MASTER_KEY } from "../settings/keys.ts";
import type { Settings } from "../settings/settings.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import { readRevision, readService } from "../service/state/read-service.ts";
import { say } from "../cli/terminal.ts";
import { findGone } from "./gone.ts";
import { chooseStyle, formatClosing, formatResult } from "./report.ts";
import type { VerifyOptions } from "./options.ts";
import type { VerifyReport, VerifyTarget } from "./target.ts";
import { verifyGateway } from "./verify-gateway.ts";

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
  const style = chooseStyle(process.stderr, readProcessEnv());
  const report = await verifyGateway(target, {
    ...options,
    findGone: () => findGone(session, tag),
    onResult: (result) => {
      say(formatResult(result, style));
    },
  });
  say(formatClosing(report, style));
  return report;
}

/** Seconds until a tag that is not there will not come back. */
const MOST_TRIES = 5;

/** What to verify, as Cloud Run has it now. */
async function readVerifyTarget(
  session: Session,
  tag: string | undefined,
): Promise<VerifyTarget> {
  const { settings, context, read } = session;
  const service = await readTagged(session, tag);
  const { url, revisionName } = findTarget(settings, service, tag);
  const revision = await readRevision(read, settings, revisionName);
  const [masterKey, config, identityToken] = await Promise.all([
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
    models: listServedModels(config, settings.configSecret),
  };
}

/** The service, once it has the tag: another run that wrote over it gives it back. */
async function readTagged(
  { read, settings }: Session,
  tag: string | undefined,
): Promise<Service> {
  for (let tries = 0; ; tries += 1) {
    const service = await readService(read, settings);
    if (service === undefined) {
      throw new UserError(
        `there is no service ${settings.service} in ${settings.region}`,
        { hint: `Deploy it: ${scriptCommand("deploy", settings.env)}` },
      );
    }
    const isThere =
      tag === undefined || service.status?.traffic?.some((t) => t.tag === tag);
    if (isThere === true || tries >= MOST_TRIES) return service;
    await setTimeout(1000);
  }
}

function findTarget(
  settings: Settings,
  service: Service,
  tag: string | undefined,
): { url: string; revisionName: string } {
  const traffic = service.status?.traffic ?? [];
  const entry =
    tag === undefined
      ? traffic.toSorted((a, b) => (b.percent ?? 0) - (a.percent ?? 0))[0]
      : traffic.find((t) => t.tag === tag);
  const url = tag === undefined ? service.status?.url : entry?.url;
  if (entry?.revisionName === undefined || url === undefined) {
    throw new UserError(
      tag === undefined
        ? `service ${service.metadata.name} serves no revision`
        : `service ${service.metadata.name} has no tag ${tag}`,
      { hint: `See: ${formatCommand(toRead(describeService(settings)))}` },
    );
  }
  return { url, revisionName: entry.revisionName };
}

async function readMasterKey(
  session: Session,
  revision: Revision,
): Promise<SecretValue> {
  const entry = revision.spec.containers
    .flatMap((c) => c.env ?? [])
    .find((e) => e.name === MASTER_KEY.variable);
  const reference = entry?.valueFrom?.secretKeyRef;
  if (reference !== undefined) {
    return accessServed(session, reference.name, reference.key);
  }
  if (entry?.value !== undefined) return new SecretValue(entry.value);
  throw new UserError(
    `revision ${revision.metadata.name} has no ${MASTER_KEY.variable}`,
    {
      hint: `Deploy it anew: ${scriptCommand("deploy", session.settings.env)}`,
    },
  );
}

async function readServedConfig(
  session: Session,
  revision: Revision,
): Promise<string> {
  const volume = revision.spec.volumes?.find((v) => v.secret !== undefined);
  const secret = volume?.secret;
  if (secret === undefined) {
    throw new UserError(
      `revision ${revision.metadata.name} mounts no config secret`,
      {
        hint: `Deploy it anew: ${scriptCommand("deploy", session.settings.env)}`,
      },
    );
  }
  const version = secret.items?.[0]?.key ?? "latest";
  const config = await accessServed(session, secret.secretName, version);
  return config.reveal();
}

/** A version that a revision is pinned to. Its running instances have it still; none of them starts without it. */
async function accessServed(
  { payloads, settings }: Session,
  secret: string,
  version: string,
): Promise<SecretValue> {
  try {
    return await payloads.access(secret, version);
  } catch (cause) {
    if (!(cause instanceof NoVersionError)) throw cause;
    throw new UserError(
      `the revision that serves reads version ${version} of secret ${secret}, which is no more: ${cause.message}`,
      {
        hint: `No instance of it starts any more. Deploy again: ${scriptCommand("deploy", settings.env)}`,
        cause,
      },
    );
  }
}
