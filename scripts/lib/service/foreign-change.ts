import { UserError } from "../cli/errors.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { readServiceAudit } from "../google/commands/logging.ts";
import { formatCommand } from "../google/gcloud.ts";
import type { Service } from "../manifest/knative.ts";
import type { Step } from "../plan/step.ts";
import type { Settings } from "../settings/settings.ts";
import type { ServiceEffects } from "./effects.ts";
import { listOwnChanges, ownFieldsOf } from "./own-fields.ts";
import type { Serving } from "./serving.ts";

export const LAST_MODIFIER = "serving.knative.dev/lastModifier";

/** The step, which stops where somebody wrote the service since `generation` (0: there was none). */
export function onGeneration(
  step: Step<ServiceEffects>,
  settings: Settings,
  planned: number,
): Step<ServiceEffects> {
  return {
    ...step,
    guard: async ({ readService }) => {
      const service = await readService();
      if ((service?.metadata.generation ?? 0) === planned) return;
      if (service === undefined) throw removedMeanwhile(settings);
      const { generation } = service.metadata;
      throw changedMeanwhile(
        settings,
        service,
        `it is at generation ${String(generation)}, planned was ${String(planned)}`,
      );
    },
  };
}

/**
 * The step, which stops where the traffic, or what guards and limits the service,
 * is not what it was planned on. Another run's candidate at 0 % is no reason.
 */
export function whileAsPlanned(
  step: Step<ServiceEffects>,
  settings: Settings,
  planned: { serving: Serving; service: Service },
): Step<ServiceEffects> {
  return {
    ...step,
    guard: async ({ readService }) => {
      const service = requireTraffic(
        settings,
        planned.serving,
        await readService(),
      );
      const changes = listOwnChanges(
        ownFieldsOf(planned.service),
        ownFieldsOf(service),
      );
      if (changes.length === 0) return;
      throw changedMeanwhile(settings, service, changes.join(", "));
    },
  };
}

/** Throws UserError where the traffic is not what it was planned on. */
export function requireTraffic(
  settings: Settings,
  { targets }: Serving,
  service: Service | undefined,
): Service {
  if (service === undefined) throw removedMeanwhile(settings);
  const now = listServing(service);
  const isAsPlanned =
    now.length === targets.length &&
    targets.every((planned) =>
      now.some(
        (t) =>
          t.revisionName === planned.revisionName &&
          t.percent === planned.percent,
      ),
    );
  if (isAsPlanned) return service;
  throw changedMeanwhile(settings, service, "the traffic was moved");
}

/** Throws UserError where another revision got the traffic right after ours did. */
export function requireServing(
  settings: Settings,
  revision: string,
  service: Service | undefined,
): void {
  if (service === undefined) throw removedMeanwhile(settings);
  const others = listServing(service).filter(
    (t) => t.revisionName !== revision,
  );
  if (others.length === 0) return;
  const names = others.map((t) => t.revisionName ?? "?").join(", ");
  throw changedMeanwhile(
    settings,
    service,
    `the traffic went to ${names} right after this run gave it to ${revision}`,
  );
}

/** Who removed it stands nowhere but in the audit log. */
export function removedMeanwhile(
  settings: Settings,
  cause?: unknown,
): UserError {
  return new UserError(
    `somebody else removed service ${settings.service} at the same time`,
    {
      hint: `Who it was: ${formatCommand(readServiceAudit(settings))}\n  Run it again to make it anew.`,
      cause,
    },
  );
}

/** `why`: what of it is not as planned. */
function changedMeanwhile(
  settings: Settings,
  { metadata, spec }: Service,
  why: string,
): UserError {
  const { name, annotations } = metadata;
  const traffic = (spec.traffic ?? [])
    .filter((t) => (t.percent ?? 0) > 0)
    .map((t) => `${t.revisionName ?? "latest"} ${String(t.percent)} %`);
  return new UserError(
    [
      `somebody else changed service ${name} at the same time: ${why}.`,
      `  ${annotations?.[LAST_MODIFIER] ?? "somebody"} was the last to write it; traffic: ${traffic.join(", ")}`,
      "This run stopped before it wrote over that.",
    ].join("\n"),
    {
      hint: `See what serves now (${scriptCommand("status", settings.env)}), and run it again if that is not what you want: it plans anew from what is there.`,
    },
  );
}

/** What takes traffic. */
function listServing({ status }: Service) {
  return (status?.traffic ?? []).filter((t) => (t.percent ?? 0) > 0);
}
