import { UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { accessVersion } from "../google/commands/secrets.ts";
import { formatCommand } from "../google/gcloud.ts";
import { asksForIdentity } from "../service/guard.ts";
import type { Session } from "../service/session.ts";
import type { Settings } from "../settings/settings.ts";
import { MASTER_KEY } from "../settings/keys.ts";
import {
  findMasterKey,
  findServed,
  readServedConfig,
} from "../verify/served.ts";
import {
  type ChosenModels,
  type Wishes,
  chooseModels,
} from "./choose-models.ts";

/** What a client's settings are made of. */
export interface Gateway extends ChosenModels {
  env: string;
  /** Where clients ask, without a path: the service, or the proxy on this machine. */
  url: string;
  /** Prints the key. */
  keyCommand: string;
}

/** For people: whose key the settings read. */
export function describeKey({ env, clientKeys }: Settings): string {
  const whose = "The settings read the master key, an administrator's.";
  return clientKeys
    ? `${whose} One for other people: ${scriptCommand("keys", env, "add", "NAME")}`
    : `${whose} Keys for other people: docs/client-keys.md`;
}

/** What a client is to know of an env, and whether it goes through the proxy at `proxyUrl`. */
export async function readGateway(
  session: Session,
  wishes: Wishes,
  proxyUrl: string,
): Promise<{ gateway: Gateway; throughProxy: boolean }> {
  const { settings } = session;
  const { service, url, revision } = await findServed(session, undefined);
  const reference = findMasterKey(revision)?.valueFrom?.secretKeyRef;
  if (reference === undefined) {
    throw new UserError(
      `revision ${revision.metadata.name} has its ${MASTER_KEY.variable} in plain sight, not in a secret`,
      { hint: `Deploy it anew: ${scriptCommand("deploy", settings.env)}` },
    );
  }
  const key = accessVersion(settings, reference.name, reference.key);
  const { models } = await readServedConfig(session, revision);
  const throughProxy = asksForIdentity(service);
  return {
    gateway: {
      ...chooseModels(models, wishes),
      env: settings.env,
      url: throughProxy ? proxyUrl : url,
      keyCommand: formatCommand(key),
    },
    throughProxy,
  };
}
