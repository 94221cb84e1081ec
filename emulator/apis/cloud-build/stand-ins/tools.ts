import type { Builder } from "./builders.ts";
import { cosign } from "./cosign.ts";
import { crane } from "./crane.ts";
import { docker } from "./docker.ts";
import type { Tool } from "./tool.ts";

/** What answers for the command of a builder image. */
export const TOOLS: Readonly<Record<Builder["name"], Tool>> = {
  docker,
  crane,
  cosign,
};
