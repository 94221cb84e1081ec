import { createHash } from "node:crypto";
import { registryOf } from "../../../emulator/apis/artifact-registry/state.ts";
import { buildingOf } from "../../../emulator/apis/cloud-build/state.ts";
import {
  type Resource,
  deliveryOf,
} from "../../../emulator/apis/cloud-deploy/state.ts";
import {
  type RunRevision,
  type RunService,
  runOf,
} from "../../../emulator/apis/run/state.ts";
import { storageOf } from "../../../emulator/apis/storage/state.ts";
import type {
  Cloud,
  Project,
  StoredSecret,
} from "../../../emulator/core/cloud.ts";
import type { Policy } from "../../../emulator/core/policy.ts";

/** What is another one at each run, in whatever text it stands. */
const NOISE: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"],
  [/\b\d{4}-?\d\d-?\d\d[t_-]?\d\d-?\d\d-?\d\d\b/g, "TIME"],
  [/\bcand-[a-z0-9]{4,9}\b/g, "cand-ATTEMPT"],
];

/**
 * What a cloud holds, a fact a line, without what is new at each run: names of
 * attempts, times, ids, etags, generated keys. A revision is told by its
 * content. Two runs that did the same have the same lines.
 */
export function takeSnapshot(cloud: Cloud): string[] {
  const lines = [
    ...[...cloud.projects.values()].flatMap(describeProject),
    ...describeDelivery(cloud),
    ...[...storageOf(cloud).buckets.values()].flatMap((b) => [
      `bucket ${b.name} ${JSON.stringify([b.labels, b.settings])}`,
      ...policyLines(`bucket ${b.name}`, b.policy),
    ]),
    ...[...registryOf(cloud).repositories.values()].flatMap((r) => [
      `repository ${r.name} ${JSON.stringify(r.labels)}`,
      ...policyLines(`repository ${r.name}`, r.policy),
    ]),
    ...[...buildingOf(cloud).triggers.values()].map((t) => {
      const [place = ""] = t.resourceName.split("/triggers/");
      return `trigger ${place} ${toText(t, ["id", "createTime", "resourceName"])}`;
    }),
  ];
  return count(lines.map(toPlain)).sort();
}

/** `+` what only `there` has, `-` what only `wanted` has. */
export function listDifferences(
  there: readonly string[],
  wanted: readonly string[],
): string[] {
  return [
    ...there.filter((line) => !wanted.includes(line)).map((l) => `+ ${l}`),
    ...wanted.filter((line) => !there.includes(line)).map((l) => `- ${l}`),
  ];
}

/** `REGION/SERVICE → REVISION PERCENT`, of all that takes traffic. */
export function listServing(cloud: Cloud): string[] {
  return listServices(cloud).flatMap((s) =>
    s.serving
      .filter(({ percent = 0 }) => percent > 0)
      .map((t) => `${t.revisionName} ${String(t.percent)}`),
  );
}

export function listRevisions(cloud: Cloud): string[] {
  return listServices(cloud).flatMap((s) => [...s.revisions.keys()]);
}

export function listServices(cloud: Cloud): RunService[] {
  return [...cloud.projects.values()].flatMap((project) =>
    [...runOf(project).services.values()].filter((s) => !s.deleted),
  );
}

function describeProject(project: Project): string[] {
  const { projectId: id, enabledApis, serviceAccounts, secrets } = project;
  return [
    ...[...enabledApis].map((api) => `${id} api ${api}`),
    ...policyLines(id, project.policy),
    ...[...serviceAccounts.values()].flatMap((a) => [
      `account ${a.email} ${JSON.stringify([a.description, a.disabled])}`,
      ...policyLines(`account ${a.email}`, a.policy),
    ]),
    ...[...secrets.values()].flatMap((s) => describeSecret(id, s)),
    ...[...runOf(project).services.values()]
      .filter((s) => !s.deleted)
      .flatMap((s) => describeService(id, s)),
  ];
}

function describeSecret(project: string, secret: StoredSecret): string[] {
  const name = `secret ${project}/${secret.id}`;
  const { versions } = secret;
  const payloads = [...new Set(versions.map((v) => v.payload?.toString()))];
  return [
    `${name} ${JSON.stringify([secret.locations])}`,
    ...entryLines(`${name} label`, secret.labels),
    ...entryLines(`${name} annotation`, secret.annotations),
    ...entryLines(`${name} alias`, secret.versionAliases),
    ...versions.map((v) => {
      // A generated key is another one at each run: only which versions hold the same counts.
      const content = payloads.indexOf(v.payload?.toString());
      return `${name} version ${v.number} ${v.state} content ${content}`;
    }),
    ...policyLines(name, secret.policy),
  ];
}

function describeService(project: string, service: RunService): string[] {
  const name = `service ${project}/${service.region}/${service.name}`;
  const contentOf = (revision: string | undefined) => {
    const found = service.revisions.get(revision ?? "");
    return found === undefined ? "none" : describeRevision(service, found);
  };
  const plain = (text: string) => withoutAttempts(service, text);
  return [
    name,
    ...entryLines(`${name} label`, service.labels).map(plain),
    ...entryLines(`${name} annotation`, service.annotations).map(plain),
    ...service.serving.map(
      ({ revisionName, percent = 0, tag = "" }) =>
        `${name} serves ${percent} % ${tag}: ${contentOf(revisionName)}`,
    ),
    ...[...service.revisions.values()].map(
      (r) =>
        `${name} has ${r.phase === "failed" ? "failed " : ""}${describeRevision(service, r)}`,
    ),
    ...policyLines(name, service.policy),
  ];
}

/** What people call it by, and a hash of all that it is. */
function describeRevision(service: RunService, revision: RunRevision): string {
  const { metadata, spec } = revision.template;
  const text = `${toText(metadata, ["name"])} ${JSON.stringify(spec)}`;
  const all = toPlain(withoutAttempts(service, text));
  const [{ image, env = [] }] = spec.containers;
  const keys = env.flatMap(({ name = "", valueFrom }) =>
    valueFrom === undefined
      ? []
      : [`${name}:${valueFrom.secretKeyRef?.key ?? ""}`],
  );
  const config = spec.volumes?.[0]?.secret?.items?.[0]?.key ?? "";
  const hash = createHash("sha256").update(all).digest("hex").slice(0, 8);
  return `revision ${hash} (${image.split("/").at(-1) ?? ""} ${config} ${keys.join(" ")})`;
}

function withoutAttempts(service: RunService, text: string): string {
  return [...service.revisions.keys()].reduce((plain, revision) => {
    const attempt = revision.slice(service.name.length + 1);
    return plain
      .replaceAll(revision, "REVISION")
      .replaceAll(attempt, "ATTEMPT");
  }, text);
}

function describeDelivery(cloud: Cloud): string[] {
  const { pipelines, targets, automations, releases, rollouts } =
    deliveryOf(cloud);
  return [
    ...[pipelines, targets, automations].flatMap((kept) =>
      [...kept.values()].map((resource: Resource) =>
        toText(resource, ["uid", "etag", "createTime", "updateTime"]),
      ),
    ),
    ...[...releases.values()].map(({ resource: r }) =>
      JSON.stringify([r.name, r.renderState, r.abandoned, r.deployParameters]),
    ),
    ...[...rollouts.values()].map((r) => `${r.name} ${r.state}`),
  ];
}

function policyLines(name: string, { bindings }: Policy): string[] {
  return bindings.flatMap(({ role, members }) =>
    members.map((member) => `${name} grants ${role} to ${member}`),
  );
}

function entryLines(name: string, entries: object): string[] {
  return Object.entries(entries).map(
    ([key, value]) => `${name} ${key}=${String(value)}`,
  );
}

/** As JSON, in the order of the keys, without what is new at each run. */
function toText<Value extends object>(
  value: Value,
  without: readonly (keyof Value & string)[],
): string {
  const entries = Object.entries(value)
    .filter(([name]) => !(without as readonly string[]).includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

function toPlain(text: string): string {
  return NOISE.reduce(
    (t, [pattern, word]) => t.replaceAll(pattern, word),
    text,
  );
}

/** The second of the same line is told as such. */
function count(lines: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const times = (seen.get(line) ?? 0) + 1;
    seen.set(line, times);
    return times === 1 ? line : `${line} (${times})`;
  });
}
