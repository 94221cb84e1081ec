import { parse } from "yaml";
import type { ServiceMessage } from "../../run/model.ts";
import type { CloudRunMetadata, Phase, Rollout } from "../rollout.ts";
import {
  executionAccount,
  requireActAs,
  requirePermission,
  requireRunner,
} from "./accounts.ts";
import { CloudRunClient, type ShownService } from "./cloud-run-client.ts";
import type { EngineContext } from "./context.ts";
import { findParts, findRendered, succeededRollouts } from "./find.ts";
import { idOf, pipelineOf, placeOf } from "./names.ts";
import { percentOf } from "./phases.ts";
import { canaryTraffic, choosePrior, stableTraffic } from "./traffic.ts";
import { runOf } from "../../run/state.ts";

/** Applies the release's manifest to Cloud Run, with the traffic of the phase. Throws why it failed. */
export async function deploy(
  context: EngineContext,
  rollout: Rollout,
  phase: Phase,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<CloudRunMetadata> {
  const { cloud } = context;
  const { target, stage } = findParts(cloud, rollout);
  const { manifest } = findRendered(cloud, rollout, phase.id);
  const email = executionAccount(cloud, target, "DEPLOY");
  requireRunner(cloud, email, cloud.project(placeOf(rollout.name).project));
  const location = target.run?.location ?? "";
  const service = parse(manifest) as ServiceMessage;
  requireRights(context, location, email, service);
  const client = new CloudRunClient(context, location, email, signal);
  const existing = await client.find(service.metadata?.name ?? "");
  const prior = findPrior(context, rollout, existing);
  const { cloudRun } = stage.strategy?.canary?.runtimeConfig ?? {};
  const percent = percentOf(stage, phase);
  const traffic =
    cloudRun?.automaticTrafficControl !== true
      ? undefined
      : percent === undefined
        ? stableTraffic(cloudRun)
        : canaryTraffic(percent, prior ?? "", cloudRun);
  log(
    `Deploying Cloud Run service ${service.metadata?.name ?? ""} to ${location}, traffic ${JSON.stringify(traffic ?? "as in the manifest")}`,
  );
  const applied = await client.apply(
    { ...service, spec: { ...service.spec, ...(traffic && { traffic }) } },
    existing !== undefined,
  );
  const isCanary = stage.strategy?.canary !== undefined;
  return describe(location, applied, isCanary ? prior : undefined);
}

/** Whether the target has a service that a canary could take traffic from. */
export function canCanary(context: EngineContext, rollout: Rollout): boolean {
  const { target } = findParts(context.cloud, rollout);
  const [first] = rollout.phases;
  const { manifest } = findRendered(context.cloud, rollout, first?.id ?? "");
  const { metadata } = parse(manifest) as ServiceMessage;
  const { project, location } = placeOf(target.run?.location ?? "");
  const found = context.cloud.findProject(project);
  const service =
    found && runOf(found).services.get(`${location}/${metadata?.name ?? ""}`);
  return service !== undefined && service.serving.length > 0;
}

function requireRights(
  { cloud }: EngineContext,
  location: string,
  email: string,
  service: ServiceMessage,
): void {
  const project = cloud.project(placeOf(location).project);
  const { name = "", annotations = {} } = service.metadata ?? {};
  const resource = `namespaces/${project.projectId}/services/${name}`;
  const needed = [
    "run.services.get",
    "run.services.create",
    "run.services.update",
    ...(annotations["run.googleapis.com/invoker-iam-disabled"] === "true"
      ? ["run.services.setIamPolicy"]
      : []),
  ];
  for (const permission of needed) {
    requirePermission(project, email, permission, resource);
  }
  const runtime =
    service.spec?.template?.spec?.serviceAccountName ??
    `${project.projectNumber}-compute@developer.gserviceaccount.com`;
  requireActAs(cloud, email, runtime);
}

/** Chosen in the first canary phase, and kept: later on the canary itself serves too. */
function findPrior(
  { cloud }: EngineContext,
  rollout: Rollout,
  existing: ShownService | undefined,
): string | undefined {
  const chosen = rollout.metadata?.cloudRun?.previousRevision;
  if (chosen !== undefined) return idOf(chosen);
  const pipeline = pipelineOf(rollout.name);
  const [last] = succeededRollouts(cloud, pipeline, rollout.targetId);
  return choosePrior(
    existing?.status.traffic ?? [],
    idOf(last?.metadata?.cloudRun?.revision ?? ""),
  );
}

function describe(
  location: string,
  { metadata, status }: ShownService,
  prior: string | undefined,
): CloudRunMetadata {
  const service = `${location}/services/${metadata.name}`;
  return {
    service,
    revision: `${service}/revisions/${status.latestCreatedRevisionName}`,
    serviceUrls: status.url === undefined ? [] : [status.url],
    ...(prior !== undefined && {
      previousRevision: `${service}/revisions/${prior}`,
    }),
  };
}
