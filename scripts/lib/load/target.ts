import { readGcloudContext, readIdentityToken } from "../google/context.ts";
import { createFetch } from "../google/fetch.ts";
import { chooseModels } from "../connect/choose-models.ts";
import { keepIdentity } from "../connect/identity.ts";
import type { ClientModel } from "../litellm-config/client-models.ts";
import type { Revision, Service } from "../manifest/knative.ts";
import { asksForIdentity } from "../service/guard.ts";
import type { Session } from "../service/session.ts";
import {
  findServed,
  readMasterKey,
  readServedConfig,
} from "../verify/served.ts";
import type { LoadOptions } from "./options.ts";
import type { LoadTarget } from "./send-call.ts";

/** What is called, as Cloud Run has it now. */
export interface Served {
  target: LoadTarget;
  service: Service;
  revision: Revision;
  models: readonly ClientModel[];
}

/** Throws InputError for a model that is not served, and UserError where nothing is deployed or no identity is to be had. */
export async function readServed(
  session: Session,
  { model, stream }: Pick<LoadOptions, "model" | "stream">,
): Promise<Served> {
  const { service, url, revision } = await findServed(session, undefined);
  const [masterKey, { models }] = await Promise.all([
    readMasterKey(session, revision),
    readServedConfig(session, revision),
  ]);
  const wishes = { model, smallModel: undefined };
  const identity = asksForIdentity(service) ? renewIdentity(url) : undefined;
  // Whoever has none is told now, not by every call.
  await identity?.();
  return {
    service,
    revision,
    models,
    target: {
      url,
      model: chooseModels(models, wishes).model,
      stream,
      masterKey,
      identity,
      fetch: createFetch(session.context),
    },
  };
}

function renewIdentity(url: string): NonNullable<LoadTarget["identity"]> {
  return keepIdentity(async () =>
    readIdentityToken(await readGcloudContext({ renew: true }), url),
  );
}
