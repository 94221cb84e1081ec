import type { Unread } from "../service/every-env.ts";
import { scriptCommand } from "../cli/script-command.ts";
import { formatAge, formatTable } from "../cli/table.ts";
import { wrapAdvice, wrapBeside } from "../cli/wrap.ts";
import { keyNamed } from "../settings/keys.ts";
import {
  type EnvStatus,
  type Health,
  type PipelineStatus,
  type ServingStatus,
  isHealthy,
  isRead,
} from "./env-status.ts";

const LABEL_WIDTH = 10;

/** `width`: columns of the terminal. `now`: milliseconds. */
export interface Page {
  width: number;
  now: number;
}

/** One env, a line a thing. */
export function formatStatus(status: EnvStatus, page: Page): string {
  const { env, project, region, service, serving } = status;
  const place = row(env, `${service} in ${project}, ${region}`, page);
  if (serving === null) return place.join("\n");
  const { image, litellm, deployed, health, pipeline, url } = serving;
  const from = deployed.commit === null ? "" : `, commit ${deployed.commit}`;
  const by = deployed.by === null ? "" : ` by ${deployed.by}`;
  return [
    ...place,
    ...row("traffic", formatTraffic(serving), page),
    ...row("image", image, page),
    ...row("LiteLLM", litellm ?? "the image's tag does not tell", page),
    ...row("config", formatConfig(serving, page), page),
    ...row("keys", formatKeys(serving), page),
    ...row("deployed", `${formatTime(deployed.at)}${by}${from}`, page),
    ...row("health", formatHealth(health), page),
    ...row("url", url, page),
    ...(pipeline === null ? [] : formatPipeline(env, pipeline, page)),
  ].join("\n");
}

/** Several envs: a table, or one below the other where the terminal is too narrow for it. */
export function formatOverview(
  statuses: readonly (EnvStatus | Unread)[],
  page: Page,
): string {
  const table = formatTable([
    ["ENV", "REVISION", "LITELLM", "CONFIG", "DEPLOYED", "HEALTH"],
    ...statuses.map((status) => toRow(status, page)),
  ]);
  const widest = Math.max(...table.split("\n").map((line) => line.length));
  const notes = statuses.flatMap((status) => listNotes(status, page));
  if (widest <= page.width) {
    return [
      table,
      ...notes.flatMap((note, i) => (i === 0 ? ["", note] : note)),
    ].join("\n");
  }
  const blocks = statuses.map((status) =>
    isRead(status)
      ? formatStatus(status, page)
      : listNotes(status, page).join("\n"),
  );
  return blocks.join("\n\n");
}

function toRow(status: EnvStatus | Unread, { now }: Page): string[] {
  if (!isRead(status)) return [status.env, "?", "", "", "", ""];
  const { env, service, serving } = status;
  if (serving === null) return [env, "none yet", "", "", "", ""];
  const age = formatAge(now - Date.parse(serving.deployed.at));
  return [
    env,
    // What all revisions of a service begin with tells nothing.
    serving.revision.replace(`${service}-`, "…"),
    serving.litellm ?? "?",
    serving.config.version,
    `${age} ago`,
    isHealthy(serving.health) ? "ok" : "not ok",
  ];
}

/** What does not fit into a row. */
function listNotes(status: EnvStatus | Unread, page: Page): string[] {
  if (!isRead(status)) {
    const { env, error, hint } = status;
    return [
      ...row(env, `error: ${error}`, page),
      ...(hint === null ? [] : advise(hint, page)),
    ];
  }
  const { env, serving } = status;
  if (serving === null) return [];
  const { health, traffic, pipeline } = serving;
  const shares = traffic.filter(({ percent }) => percent > 0);
  return [
    ...(shares.length > 1
      ? row(env, `traffic: ${formatTraffic(serving)}`, page)
      : []),
    ...(isHealthy(health) ? [] : row(env, formatHealth(health), page)),
    ...(pipeline === null ? [] : formatApprovals(env, pipeline, page)),
  ];
}

function formatTraffic({ traffic }: ServingStatus): string {
  return traffic
    .map(
      ({ revision, percent, tag }) =>
        `${revision} ${String(percent)} %${tag === null ? "" : ` (tag ${tag})`}`,
    )
    .join(", ");
}

function formatConfig({ config }: ServingStatus, { now }: Page): string {
  const { secret, version, created, files } = config;
  const age =
    created === null
      ? ""
      : `, made ${formatAge(now - Date.parse(created))} ago`;
  const names = Object.keys(files);
  const beside = names.length === 0 ? "" : `, with ${names.join(", ")}`;
  return `${version} of ${secret}${age}${beside}`;
}

function formatKeys({ keys, clientKeys }: ServingStatus): string {
  return [
    ...Object.entries(keys).map(
      ([name, version]) => `${keyNamed(name).title}: version ${version}`,
    ),
    ...(clientKeys === null ? [] : [`clients: the latest of ${clientKeys}`]),
  ].join(", ");
}

function formatHealth({ ready, reason, answer }: Health): string {
  const cloudRun = ready ? "ready" : `not ready: ${reason ?? ""}`;
  if (answer === null) return cloudRun;
  const { ok, detail, milliseconds } = answer;
  return ok
    ? `${cloudRun}, answers in ${String(milliseconds)} ms`
    : `${cloudRun}, does not answer: ${detail}`;
}

function formatPipeline(
  env: string,
  { rollouts, pipeline }: PipelineStatus,
  page: Page,
): string[] {
  return [
    ...row("pipeline", pipeline.split("/").at(-1) ?? pipeline, page),
    ...rollouts.flatMap(({ rollout, state, created }) =>
      row("", `${state} ${rollout}, ${formatTime(created)}`, page),
    ),
    ...formatApprovals(env, { rollouts, pipeline }, page),
  ];
}

function formatApprovals(
  env: string,
  { rollouts }: PipelineStatus,
  page: Page,
): string[] {
  return rollouts
    .filter(({ needsApproval }) => needsApproval)
    .flatMap(({ rollout, release }) => [
      ...row(env, `${rollout} waits for an approval:`, page),
      ...advise(
        scriptCommand("promote", env, `--release=${release}`, "--approve"),
        page,
      ),
    ]);
}

/** `2026-11-27 21:10:03 UTC`. */
function formatTime(iso: string): string {
  return iso.replace(/^(.{10})T(.{8}).*$/, "$1 $2 UTC");
}

/** What to do, below what is told. */
function advise(text: string, { width }: Page): string[] {
  const indent = " ".repeat(LABEL_WIDTH);
  return wrapAdvice(text, width - LABEL_WIDTH).map((line) => indent + line);
}

/** A label and what is told of it; what does not fit stands below. */
function row(label: string, text: string, { width }: Page): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  const shown = `${label} `.padEnd(LABEL_WIDTH);
  return wrapBeside(shown, lines.join("\n"), width);
}
