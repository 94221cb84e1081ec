import { UserError } from "../cli/errors.ts";
import { openIngress } from "../google/commands/run.ts";
import { formatCommand } from "../google/gcloud.ts";
import { createFetch } from "../google/fetch.ts";
import type { Service } from "../manifest/knative.ts";
import type { Plan } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import { asksForIdentity, grantInvoker } from "./guard.ts";
import { findServing, isProtected } from "./serving.ts";
import type { Session } from "./session.ts";
import type { State } from "./state/state.ts";

/** What stands between a caller and a service. */
interface Guard {
  ingress: string;
  /** Callers need `run.routes.invoke`. */
  asksForIdentity: boolean;
}

/** Seconds; who is let in is answered at once. */
const LONGEST = 10;

/**
 * Whether this machine can call what the plan verifies: a candidate behind the
 * guard that the service has now, a first revision behind the one that is wanted.
 * `guard`: what the plan makes of the service's own.
 * Returns notes for people. Throws UserError where it surely cannot.
 */
export async function checkReach(
  session: Session,
  plan: Plan<never>,
  state: State,
  guard: "as it is" | "as the env has it",
): Promise<string[]> {
  if (plan.length === 0) return [];
  const { settings } = session;
  const wanted =
    guard === "as it is" && state.service !== undefined
      ? guardOf(state.service)
      : wantedGuard(settings);
  const service = findProtected(state);
  if (service === undefined) return describeFirst(session, wanted);
  const now = guardOf(service);
  const may = await mayInvoke(session, [now, wanted], service);
  if (now.asksForIdentity && may === false) throw noInvoker(settings);
  if (now.ingress !== "all") await refuseOutside(session, service, wanted);
  return [
    ...(wanted.ingress !== "all" && now.ingress === "all"
      ? [
          `note: INGRESS=${wanted.ingress} comes with the traffic: the candidate is verified before, and later only from inside.`,
        ]
      : []),
    ...(wanted.asksForIdentity && !now.asksForIdentity && may === false
      ? [
          "note: ACCESS=iam comes with the traffic: the candidate is verified before. Later calls of yours are refused until you have roles/run.invoker:",
          `  ${grantInvoker(settings)}`,
        ]
      : []),
  ];
}

/** A service that does not exist yet can be asked nothing. */
async function describeFirst(
  session: Session,
  wanted: Guard,
): Promise<string[]> {
  const { settings } = session;
  const again = "Then run this again: it goes on with the verification.";
  const may = await mayInvoke(session, [wanted], undefined);
  return [
    ...(wanted.ingress === "all"
      ? []
      : [
          `note: INGRESS=${wanted.ingress}: the verification works only from inside. Elsewhere this run brings the service up, and fails then. ${again.replace("this", "this from inside")}`,
        ]),
    ...(may === false
      ? [
          `note: ACCESS=iam, and you have no run.routes.invoke: the verification fails until you have roles/run.invoker on the service, once it is there. ${again}`,
          `  ${grantInvoker(settings)}`,
        ]
      : []),
  ];
}

function wantedGuard({ ingress, access }: Settings): Guard {
  return { ingress, asksForIdentity: access === "iam" };
}

function guardOf(service: Service): Guard {
  const { annotations } = service.metadata;
  return {
    ingress: annotations?.["run.googleapis.com/ingress"] ?? "all",
    asksForIdentity: asksForIdentity(service),
  };
}

/** The service, where something serves that a candidate comes beside. */
function findProtected({ service, revisions }: State): Service | undefined {
  if (service === undefined) return undefined;
  const serving = findServing(service, revisions);
  return isProtected(serving, revisions) ? service : undefined;
}

const INVOKE = "run.routes.invoke";

/** Undefined where nobody has to ask, or it cannot be told. Nobody needs a permission to ask. */
async function mayInvoke(
  { settings, read }: Session,
  guards: readonly Guard[],
  service: Service | undefined,
): Promise<boolean | undefined> {
  if (!guards.some((guard) => guard.asksForIdentity)) return undefined;
  const { projectId, region } = settings;
  const call =
    service === undefined
      ? {
          api: "cloudresourcemanager" as const,
          path: `v1/projects/${projectId}`,
        }
      : {
          api: "run" as const,
          path: `v1/projects/${projectId}/locations/${region}/services/${service.metadata.name}`,
        };
  try {
    const answer = (await read({
      ...call,
      path: `${call.path}:testIamPermissions`,
      body: { permissions: [INVOKE] },
    })) as { permissions?: string[] } | undefined;
    return answer?.permissions?.includes(INVOKE) ?? false;
  } catch {
    return undefined;
  }
}

/** Google's front end has a page of its own for callers from outside: 404 (Cloud Run docs, "Troubleshoot Cloud Run issues"). */
async function refuseOutside(
  { context, settings }: Session,
  service: Service,
  wanted: Guard,
): Promise<void> {
  const url = new URL("/health/liveliness", service.status?.url);
  const signal = AbortSignal.timeout(LONGEST * 1000);
  const answer = await createFetch(context)(url, { signal }).catch(
    () => undefined,
  );
  await answer?.body?.cancel();
  const isJson = answer?.headers.get("content-type")?.includes("json");
  if (answer?.status !== 404 || isJson === true) return;
  const { ingress } = guardOf(service);
  throw new UserError(
    `service ${settings.service} has ingress ${ingress}, and this machine is outside: a candidate cannot be verified from here. Nothing was changed.`,
    {
      hint:
        wanted.ingress === "all"
          ? `Open it first, as INGRESS=all wants it: ${formatCommand(openIngress(settings))}`
          : 'Run this from inside: docs/deploying.md, "A service that is closed to the internet".',
    },
  );
}

function noInvoker(settings: Settings): UserError {
  return new UserError(
    `service ${settings.service} asks callers for an identity, and yours has no run.routes.invoke on it: a candidate cannot be verified. Nothing was changed.`,
    { hint: `Give yourself the role: ${grantInvoker(settings)}` },
  );
}
