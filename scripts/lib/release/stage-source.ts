import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type Scalar,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
} from "yaml";
import { InputError } from "../cli/errors.ts";
import type { Mode } from "../settings/settings.ts";

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
 * (`tools`: by digest), and the manifest as the mode needs it.
 */
export function renderSource(
  texts: { skaffold: string; manifest: string },
  tools: string,
  mode: Mode,
): SourceFile[] {
  return [
    { path: SKAFFOLD_FILE, text: withTools(texts.skaffold, tools) },
    {
      path: "config/service.yaml",
      text:
        mode === "apikey"
          ? texts.manifest
          : withoutVariable(texts.manifest, "GEMINI_API_KEY"),
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

function withoutVariable(manifest: string, name: string): string {
  const document = parseDocument(manifest);
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || key.value !== "env" || !isSeq(value)) return;
      value.items = value.items.filter(
        (item) => !isMap(item) || item.get("name") !== name,
      );
    },
  });
  return document.toString({ lineWidth: 0 });
}
