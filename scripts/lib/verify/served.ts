import { setTimeout } from "node:timers/promises";
import { UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { SecretValue } from "../cli/secret-value.ts";
import { describeService } from "../google/commands/run.ts";
import { formatCommand, toRead } from "../google/gcloud.ts";
import { NoVersionError } from "../google/secret-payloads.ts";
import type { LitellmConfig } from "../litellm-config/client-models.ts";
import { readServedText } from "../litellm-config/load-config.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import { type Pin, pinsOfRevision } from "../service/pins.ts";
import type { Session } from "../service/session.ts";
import { readRevision, readService } from "../service/state/read-service.ts";
import { MAIN } from "../settings/config-files.ts";
import { MASTER_KEY } from "../settings/keys.ts";
import type { Settings } from "../settings/settings.ts";

/** A revision that answers, and where. */
export interface Served {
  service: Service;
  /** Without a path. */
  url: string;
  revision: Revision;
}

/** The revision behind a tag, or the one that serves, as Cloud Run has it now. */
export async function findServed(
  session: Session,
  tag: string | undefined,
): Promise<Served> {
  const { settings, read } = session;
  const service = await readTagged(session, tag);
  const { url, revisionName } = findTarget(settings, service, tag);
  const revision = await readRevision(read, settings, revisionName);
  return { service, url, revision };
}

/** Seconds until a tag that is not there will not come back. */
const MOST_TRIES = 5;

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

/** The key that clients of the revision send. */
export async function readMasterKey(
  session: Session,
  revision: Revision,
): Promise<SecretValue> {
  const entry = findMasterKey(revision);
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

/** The key's entry in the revision's environment. */
export function findMasterKey({ spec }: Revision) {
  return spec.containers
    .flatMap((c) => c.env ?? [])
    .find((e) => e.name === MASTER_KEY.variable);
}

/** What the revision's own config, with what it includes, offers and needs. */
export async function readServedConfig(
  session: Session,
  revision: Revision,
): Promise<LitellmConfig> {
  const [main, ...items] = listMounted(session, revision);
  const config = await accessServed(session, main.secret, main.version);
  const yaml = items.filter(({ name }) => !name.endsWith(".py"));
  const others = await Promise.all(
    yaml.map(async ({ name, secret, version }) => {
      const text = await accessServed(session, secret, version);
      return { name, file: name, text: text.reveal() };
    }),
  );
  const { configSecret } = session.settings;
  return readServedText(config.reveal(), others, configSecret);
}

interface Mounted extends Pin {
  name: string;
}

/** The files that LiteLLM finds, its config first. */
function listMounted(
  session: Session,
  { metadata, spec }: Revision,
): [Mounted, ...Mounted[]] {
  const { config, files } = pinsOfRevision(spec);
  if (config.secret === "") {
    throw new UserError(`revision ${metadata.name} mounts no config secret`, {
      hint: `Deploy it anew: ${scriptCommand("deploy", session.settings.env)}`,
    });
  }
  const { secret } = config;
  return [
    { ...config, name: MAIN },
    ...Object.entries(files).map(([name, version]) => ({
      name,
      secret,
      version,
    })),
  ];
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
