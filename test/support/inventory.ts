import type { Exchange } from "../../emulator/core/exchange.ts";
import type { TestEmulator } from "./emulator.ts";
import { registryOf } from "../../emulator/apis/artifact-registry/state.ts";
import { deliveryOf } from "../../emulator/apis/cloud-deploy/state.ts";
import { runOf } from "../../emulator/apis/run/state.ts";
import { storageOf } from "../../emulator/apis/storage/state.ts";

/** What an emulated project holds, without what is new at every run (times, ids, etags, keys). */
export interface Inventory {
  apis: string[];
  accounts: string[];
  /** `role member`, without the owner's. */
  bindings: string[];
  /** `name label=… versions=… aliases=… readers=…`. */
  secrets: string[];
  /** `region/name → traffic`. */
  services: string[];
}

export function takeInventory({ cloud, projectId }: TestEmulator): Inventory {
  const project = cloud.project(projectId);
  return {
    apis: [...project.enabledApis].sort(),
    accounts: [...project.serviceAccounts.values()]
      // Google makes this one when the Cloud Run API is enabled.
      .filter(
        (a) => !a.email.endsWith("-compute@developer.gserviceaccount.com"),
      )
      .map((a) => `${a.email}: ${a.description}`),
    // What Google's own agents hold stays theirs.
    bindings: flatten(project.policy.bindings).filter(
      (b) =>
        !b.startsWith("roles/owner ") &&
        !b.startsWith("roles/run.serviceAgent"),
    ),
    secrets: [...project.secrets.values()]
      .map((s) =>
        [
          s.id,
          `labels=${Object.keys(s.labels).join(",")}`,
          `versions=${s.versions.map((v) => v.state).join(",")}`,
          `aliases=${Object.entries(s.versionAliases)
            .sort(([, a], [, b]) => a - b)
            .join(" ")}`,
          `readers=${flatten(s.policy.bindings).join(" ")}`,
        ].join(" "),
      )
      .sort(),
    services: [...runOf(project).services.values()]
      .filter((s) => !s.deleted)
      .map(
        (s) =>
          `${s.region}/${s.name} → ${s.serving
            .map((t) => `${String(t.percent ?? 0)} %`)
            .join(", ")}`,
      )
      .sort(),
  };
}

/** What a set-up makes, over all projects. */
export function takeDelivery({ cloud }: Pick<TestEmulator, "cloud">): {
  delivery: string[];
  buckets: string[];
  repositories: string[];
} {
  const { pipelines, targets, automations } = deliveryOf(cloud);
  return {
    delivery: [pipelines, targets, automations]
      .flatMap((store) => [...store.keys()])
      .sort(),
    buckets: [...storageOf(cloud).buckets.keys()],
    repositories: [...registryOf(cloud).repositories.keys()],
  };
}

/** Each service with all its revisions, field by field; only the names of attempts are told by their order. */
export function takeManifests({ cloud, projectId }: TestEmulator): unknown[] {
  const services = [...runOf(cloud.project(projectId)).services.values()];
  return services
    .filter((s) => !s.deleted)
    .map((s) => {
      const { region, name, labels, annotations, traffic, serving } = s;
      const revisions = [...s.revisions.values()].map((r) => r.template);
      const text = JSON.stringify({
        region,
        name,
        labels,
        annotations,
        traffic,
        serving,
        revisions: [...revisions, s.template],
      });
      const attempts = [...s.revisions.keys()].map((r) => r.split("-").at(-1));
      const told = attempts.reduce<string>(
        (t, attempt = "", index) => t.replaceAll(attempt, String(index + 1)),
        text,
      );
      return JSON.parse(told) as unknown;
    });
}

/** What is left in a project that `clean` has gone over. */
export const NOTHING: Omit<Inventory, "apis"> = {
  accounts: [],
  bindings: [],
  secrets: [],
  services: [],
};

/** Whether a request changed something. */
export function isWrite({ method, path, status, api }: Exchange): boolean {
  if (method === "GET" || status >= 300 || api === undefined) return false;
  return !/:(getIamPolicy|testIamPermissions|access|wait|batchGet)(\?|$)/.test(
    path,
  );
}

function flatten(bindings: { role: string; members: string[] }[]): string[] {
  return bindings
    .flatMap((b) => b.members.map((member) => `${b.role} ${member}`))
    .sort();
}
