import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseRegistryReference } from "../../artifact-registry/state.ts";
import { type LocalImage, digestOf, withTag } from "../local-images.ts";
import { type Dockerfile, parseDockerfile } from "./dockerfile.ts";
import {
  type ToolCall,
  type ToolContext,
  ToolError,
  type ToolResult,
  done,
  notCovered,
} from "./tool.ts";
import { findRemote } from "./upstream.ts";

/** Stands in for `docker build`: of a tools image from a source directory, or of one more layer upon LiteLLM's image. */
export async function buildImage(
  context: ToolContext,
  call: ToolCall,
): Promise<ToolResult> {
  const { values, positionals } = readArguments(call.args);
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0) {
    throw new ToolError(
      'ERROR: "docker buildx build" requires exactly 1 argument.',
    );
  }
  const directory = path.resolve(call.directory, source);
  const dockerfile = await readDockerfile(call, source, values.file);
  const base = findBase(context, dockerfile.base);
  const [image, note] =
    base === undefined
      ? await buildTools(context, source, directory)
      : addLayer(base, dockerfile);
  for (const tag of values.tag ?? []) context.local.set(withTag(tag), image);
  return done(note, values.quiet === true ? `${image.digest}\n` : "");
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        tag: { type: "string", short: "t", multiple: true },
        file: { type: "string", short: "f" },
        quiet: { type: "boolean", short: "q" },
        pull: { type: "boolean" },
        "no-cache": { type: "boolean" },
        "build-arg": { type: "string", multiple: true },
        label: { type: "string", multiple: true },
        platform: { type: "string" },
        progress: { type: "string" },
      },
    });
  } catch (error) {
    throw notCovered(`this call of docker build: ${(error as Error).message}`);
  }
}

async function readDockerfile(
  { directory, stdin }: ToolCall,
  source: string,
  file: string | undefined,
): Promise<Dockerfile> {
  const name = path.resolve(
    directory,
    file ?? path.join(source === "-" ? "" : source, "Dockerfile"),
  );
  const fromStdin = source === "-" && file === undefined;
  if (!fromStdin && !existsSync(name)) {
    throw new ToolError(
      `ERROR: failed to build: failed to read dockerfile: open ${file ?? "Dockerfile"}: no such file or directory`,
    );
  }
  const text = fromStdin ? stdin : await readFile(name, "utf8");
  const parsed = parseDockerfile(text);
  if (parsed !== undefined) return parsed;
  throw new ToolError(
    "ERROR: failed to build: dockerfile parse error: no build stage in current context",
  );
}

/** What the Dockerfile builds upon, where that is an image of the build, of Artifact Registry, or LiteLLM's own. */
function findBase(context: ToolContext, base: string): LocalImage | undefined {
  const local = context.local.get(withTag(base));
  if (local !== undefined) return local;
  const known =
    parseRegistryReference(base) !== undefined ||
    /^(docker\.io\/)?litellm\/litellm\b/.test(base);
  return known ? findRemote(context, base) : undefined;
}

function addLayer(
  base: LocalImage,
  { base: name, instructions }: Dockerfile,
): [LocalImage, string] {
  if (base.content.kind !== "litellm") throw notCovered(`images from ${name}`);
  const warm = instructions.some((line) => /\bcompileall\b/.test(line));
  const image: LocalImage = {
    digest: digestOf(base.digest, ...instructions),
    content: { ...base.content, warm: base.content.warm || warm },
  };
  return [
    image,
    `docker built no layer: this image runs as ${name} does${warm ? ", whose bytecode is compiled here anyway" : ""}`,
  ];
}

async function buildTools(
  context: ToolContext,
  source: string,
  directory: string,
): Promise<[LocalImage, string]> {
  if (source === "-") {
    throw notCovered(
      "docker build from stdin upon an image other than LiteLLM",
    );
  }
  const kept = await context.keep(directory);
  const digest = digestOf(await hashOf(kept));
  return [
    { digest, content: { kind: "tools", directory: kept } },
    "docker built no image: it is the source directory, and runs with the gcloud, Node and Python of this machine",
  ];
}

/** Of names and contents. */
async function hashOf(directory: string): Promise<string> {
  const entries = await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${path.relative(directory, file)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest("hex");
}
