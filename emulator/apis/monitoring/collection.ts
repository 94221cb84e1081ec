import { randomInt } from "node:crypto";
import type { Context, Hono } from "hono";
import type { ApiEnv } from "../../core/api.ts";
import type { Cloud, Project } from "../../core/cloud.ts";
import { parseFilter } from "../../core/filter.ts";
import { GoogleError } from "../../core/google-error.ts";
import { type Type, readBody } from "../../core/message.ts";
import { readPage, requireKnownParameters } from "../../core/query.ts";
import type { Kept } from "./state.ts";

/** One collection of a project, with the methods that all three have. */
interface Collection<Sent extends object> {
  /** `alertPolicies`: in paths, and the member of a list. */
  id: string;
  type: Type<Sent>;
  /** Items of a page where the client names no size. */
  pageSize: number;
  of: (project: Project) => Map<string, Kept<Sent>>;
  newId?: (sent: Sent) => string;
  /** What Google adds; throws where it refuses what a client wrote. `before`: what was there. */
  complete: (
    sent: Kept<Sent>,
    project: Project,
    before?: Kept<Sent>,
  ) => Kept<Sent>;
  /** Throws where it may not be deleted, or takes away what refers to it. */
  letGo?: (name: string, project: Project, force: boolean) => void;
}

const LARGEST_PAGE = 1000;

export function addCollection<Sent extends object>(
  routes: Hono<ApiEnv>,
  cloud: Cloud,
  collection: Collection<Sent>,
): void {
  const { id, type, of } = collection;
  const path = `/v3/projects/:project/${id}` as const;
  const projectOf = (c: Context<ApiEnv>) =>
    cloud.project(c.req.param("project") ?? "");
  const find = (c: Context<ApiEnv>) => {
    const project = projectOf(c);
    const name = `projects/${project.projectId}/${id}/${c.req.param("id") ?? ""}`;
    const kept = of(project).get(name);
    if (kept !== undefined) return { project, kept };
    throw new GoogleError("NOT_FOUND", `Cannot find ${name}.`);
  };
  routes.get(path, (c) => {
    requireKnownParameters(c, ["filter", "orderBy", "pageSize", "pageToken"]);
    const matches = parseFilter(c.req.query("filter"));
    const found = [...of(projectOf(c)).values()].filter(matches);
    const page = readPage(c, found, LARGEST_PAGE, collection.pageSize);
    const { items, nextPageToken } = page;
    return c.json({
      ...(items.length > 0 && { [id]: items }),
      ...(nextPageToken !== undefined && { nextPageToken }),
    });
  });
  routes.post(path, async (c) => {
    requireKnownParameters(c, []);
    const project = projectOf(c);
    const sent = await readBody(c, type);
    const newId = collection.newId?.(sent) ?? String(randomInt(1e12, 1e14));
    const name = `projects/${project.projectId}/${id}/${newId}`;
    const made = collection.complete({ ...sent, name }, project);
    of(project).set(name, made);
    return c.json(made);
  });
  routes.get(`${path}/:id`, (c) => c.json(find(c).kept));
  routes.patch(`${path}/:id`, async (c) => {
    requireKnownParameters(c, ["updateMask"]);
    const { project, kept } = find(c);
    const sent = await readBody(c, type);
    const { name } = kept;
    const wanted = applyMask(c.req.query("updateMask"), kept, sent);
    const patched = collection.complete({ ...wanted, name }, project, kept);
    of(project).set(name, patched);
    return c.json(patched);
  });
  routes.delete(`${path}/:id`, (c) => {
    requireKnownParameters(c, ["force"]);
    const { project, kept } = find(c);
    const force = c.req.query("force")?.toLowerCase() === "true";
    collection.letGo?.(kept.name, project, force);
    of(project).delete(kept.name);
    return c.json({});
  });
}

/** Without a mask the whole is replaced; with one, its fields (discovery document: "updateMask"). */
function applyMask<Sent extends object>(
  mask: string | undefined,
  kept: Kept<Sent>,
  sent: Sent,
): Sent {
  if (mask === undefined || mask === "") return sent;
  const fields = mask
    .split(",")
    .map((field) =>
      field.replace(/_(\w)/g, (_all, a: string) => a.toUpperCase()),
    );
  const nested = fields.find((field) => field.includes("."));
  if (nested !== undefined) {
    // Not UNIMPLEMENTED: gcloud would repeat the request for half a minute.
    throw new GoogleError(
      "INVALID_ARGUMENT",
      `The emulated Google Cloud does not cover the update mask ${nested}.`,
    );
  }
  const rest = Object.entries(kept).filter(([key]) => !fields.includes(key));
  const changed = Object.entries(sent).filter(([key]) => fields.includes(key));
  return Object.fromEntries([...rest, ...changed]) as Sent;
}
