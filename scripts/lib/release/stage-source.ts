import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Scalar, isScalar, parseDocument, visit } from "yaml";
import { InputError } from "../cli/errors.ts";
import {
  type ManifestInput,
  stageManifest,
} from "../manifest/render-manifest.ts";

const SKAFFOLD_FILE = "skaffold.yaml";

/** The image name in skaffold.yaml that stands for the tools image. */
const TOOLS_NAME = "litellm-tools";

/** A file that Cloud Deploy renders. */
export interface SourceFile {
  /** Relative to the source's directory. */
  path: string;
  text: string;
}

export function readSkaffold(): string {
  return readFileSync(SKAFFOLD_FILE, "utf8");
}

/**
 * What a release is rendered from: skaffold.yaml with the tools image in it
 * (`tools`: by digest), and the manifest as the stages need it.
 */
export function renderSource(
  texts: { skaffold: string; manifest: string },
  tools: string,
  input: ManifestInput,
): SourceFile[] {
  return [
    { path: SKAFFOLD_FILE, text: withTools(texts.skaffold, tools) },
    {
      path: "config/service.yaml",
      text: stageManifest(texts.manifest, input),
    },
  ];
}

/** Hands the files in a directory to `use`, and removes it after. */
export async function withSource<T>(
  files: readonly SourceFile[],
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), "litellm-release-"));
  try {
    for (const file of files) {
      const full = path.join(directory, file.path);
      await mkdir(path.dirname(full), { recursive: true });
      await writeFile(full, file.text);
    }
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Bash that makes the same directory, as `$source`. */
export function formatSource(files: readonly SourceFile[]): string {
  const folders = new Set(files.map((f) => path.posix.dirname(f.path)));
  folders.delete(".");
  return [
    'source="$(mktemp -d)"',
    ...[...folders].map((folder) => `mkdir -p "$source/${folder}"`),
    ...files.map(
      (file) =>
        `cat > "$source/${file.path}" <<'EOF'\n${file.text.replace(/\n?$/, "\n")}EOF`,
    ),
  ].join("\n");
}

function withTools(skaffold: string, tools: string): string {
  const document = parseDocument(skaffold);
  const found: Scalar[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "image" || !isScalar(value)) return;
      if (value.value === TOOLS_NAME) found.push(value);
    },
  });
  if (found.length === 0) {
    throw new InputError(
      `${SKAFFOLD_FILE}: no container has the image ${TOOLS_NAME}, so nothing would be verified`,
    );
  }
  for (const image of found) image.value = tools;
  return document.toString({ lineWidth: 0 });
}
