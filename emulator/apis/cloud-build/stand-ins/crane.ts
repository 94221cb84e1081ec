import { pushImage } from "../../artifact-registry/push-image.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { withTag } from "../local-images.ts";
import {
  type ToolCall,
  type ToolContext,
  type ToolResult,
  done,
  notCovered,
} from "./tool.ts";
import { findRemote, registryError } from "./upstream.ts";

/** Stands in for `crane digest` and `crane cp`. */
export function crane(context: ToolContext, { args }: ToolCall): ToolResult {
  const [command = "", from = "", to = "", ...more] = args;
  const last = command === "digest" ? to : more.join();
  if ([from, to].some((a) => a.startsWith("-")) || last !== "") {
    throw notCovered(`crane ${args.join(" ")}`);
  }
  if (command === "digest" && from !== "") {
    const { digest } = findRemote(context, from);
    return done(`crane asked no registry for ${from}`, `${digest}\n`);
  }
  if (!["cp", "copy"].includes(command) || to === "") {
    throw notCovered(`crane ${args.join(" ")}`);
  }
  const source = findRemote(context, from);
  const { cloud, member } = context;
  try {
    pushImage(cloud, member, withTag(to), source);
  } catch (error) {
    if (error instanceof GoogleError) throw registryError(to, error);
    throw error;
  }
  return done(
    `crane copied no bytes: ${to} now stands for ${from}, with its digest ${source.digest}`,
  );
}
