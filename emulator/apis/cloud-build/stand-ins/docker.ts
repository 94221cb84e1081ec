import { pushImage } from "../../artifact-registry/push-image.ts";
import { parseRegistryReference } from "../../artifact-registry/state.ts";
import { GoogleError } from "../../../core/google-error.ts";
import { withTag } from "../local-images.ts";
import { findBuilder } from "./builders.ts";
import { cosign } from "./cosign.ts";
import { crane } from "./crane.ts";
import { buildImage } from "./docker-build.ts";
import {
  type ToolCall,
  type ToolContext,
  ToolError,
  type ToolResult,
  done,
  notCovered,
} from "./tool.ts";
import { findRemote, registryError } from "./upstream.ts";

/** Stands in for `docker build`, `push`, `pull`, `tag`, and `run` of cosign or crane. */
export async function docker(
  context: ToolContext,
  call: ToolCall,
): Promise<ToolResult> {
  const [command = "", ...args] = call.args;
  switch (command) {
    case "build":
      return buildImage(context, { ...call, args });
    case "push":
      return push(context, args);
    case "pull":
      return pull(context, args);
    case "tag":
      return tag(context, args);
    case "run":
      return run(context, { ...call, args });
    default:
      throw notCovered(`docker ${command}`);
  }
}

function push(context: ToolContext, args: string[]): ToolResult {
  const names = args.filter((arg) => !/^(--all-tags|-a|--quiet|-q)$/.test(arg));
  const all = args.includes("--all-tags") || args.includes("-a");
  const [name = "", ...more] = names;
  if (more.length > 0 || name.startsWith("-")) {
    throw notCovered(`docker push ${args.join(" ")}`);
  }
  const chosen = [...context.local.keys()].filter((one) =>
    all ? one.startsWith(`${name}:`) : one === withTag(name),
  );
  if (chosen.length === 0) {
    throw new ToolError(
      `An image does not exist locally with the tag: ${name}`,
    );
  }
  const lines = chosen.map((one) => {
    const { digest } = pushOne(context, one);
    return `${one.slice(one.lastIndexOf(":") + 1)}: digest: ${digest} size: 1234\n`;
  });
  return done(
    `docker pushed no bytes: Artifact Registry now knows ${chosen.join(" and ")}`,
    lines.join(""),
  );
}

/** Pushes one image of the build to Artifact Registry. Throws ToolError. */
export function pushOne(
  { cloud, member, local }: ToolContext,
  name: string,
): { digest: string } {
  const image = local.get(withTag(name));
  if (image === undefined) {
    throw new ToolError(
      `An image does not exist locally with the tag: ${name}`,
    );
  }
  if (parseRegistryReference(name) === undefined) {
    throw notCovered(
      `pushing to another registry than Artifact Registry: ${name}`,
    );
  }
  try {
    return pushImage(cloud, member, withTag(name), image);
  } catch (error) {
    if (error instanceof GoogleError) throw registryError(name, error);
    throw error;
  }
}

function pull(context: ToolContext, args: string[]): ToolResult {
  const [name = "", ...more] = args;
  if (more.length > 0) throw notCovered(`docker pull ${args.join(" ")}`);
  context.local.set(withTag(name), findRemote(context, name));
  return done(`docker pulled no bytes of ${name}`);
}

function tag({ local }: ToolContext, args: string[]): ToolResult {
  const [from = "", to = ""] = args;
  const image = local.get(withTag(from));
  if (image === undefined) {
    throw new ToolError(
      `Error response from daemon: No such image: ${withTag(from)}`,
    );
  }
  local.set(withTag(to), image);
  return done(`docker tagged ${from} as ${to}`);
}

function run(
  context: ToolContext,
  call: ToolCall,
): ToolResult | Promise<ToolResult> {
  const args = call.args.filter((arg) => arg !== "--rm");
  const [image = "", ...rest] = args;
  switch (findBuilder(image)?.name) {
    case "crane":
      return crane(context, { ...call, args: rest });
    case "cosign":
      return cosign(context, { ...call, args: rest });
    default:
      throw notCovered(`docker run ${call.args.join(" ")}`);
  }
}
