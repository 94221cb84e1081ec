import { matchesGlob, posix } from "node:path";
import { type Document, parseAllDocuments } from "yaml";
import type { SourceFiles } from "./archive.ts";
import { substituteParameters } from "./from-param.ts";
import { RenderError } from "./render-error.ts";

/** Where Cloud Deploy unpacks the source. */
export const WORKSPACE = "/workspace/source";

/** A Cloud Run service, as far as rendering reads it. */
export interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: ManifestMetadata;
  spec?: {
    template?: {
      metadata?: ManifestMetadata;
      spec?: { containers?: { image?: string }[] };
    };
  };
}

interface ManifestMetadata {
  name?: string;
  labels?: Record<string, string>;
}

/** The one service in the files, parameters substituted. Patterns are relative to `directory`. Throws RenderError. */
export function readService(
  files: SourceFiles,
  directory: string,
  patterns: readonly string[],
  parameters: Readonly<Record<string, string>>,
): Manifest {
  const manifests = patterns
    .flatMap((pattern) => findFiles(files, posix.join(directory, pattern)))
    .flatMap(([path, content]) =>
      readManifests(path, content.toString(), parameters),
    );
  const [service, ...others] = manifests;
  if (service === undefined) throw new RenderError("no manifests to render");
  if (others.length > 0) {
    throw new RenderError(
      `a Cloud Run target takes one resource, but the manifests have ${manifests.length}`,
    );
  }
  const { apiVersion = "", kind = "", metadata } = service;
  if (apiVersion !== "serving.knative.dev/v1" || kind !== "Service") {
    throw new RenderError(
      `unsupported Kind for Cloud Run: ${apiVersion}, Kind=${kind}`,
    );
  }
  if (typeof metadata?.name !== "string" || metadata.name === "") {
    throw new RenderError("the Cloud Run service has no metadata.name");
  }
  return service;
}

function readManifests(
  path: string,
  text: string,
  parameters: Readonly<Record<string, string>>,
): Manifest[] {
  const documents: Document[] = [...parseAllDocuments(text)];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new RenderError(
        `reading manifests: ${WORKSPACE}/${path}: ${error.message}`,
      );
    }
    substituteParameters(document, text, parameters);
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

function findFiles(files: SourceFiles, pattern: string): [string, Buffer][] {
  const file = files.get(pattern);
  const found: [string, Buffer][] =
    file === undefined
      ? [...files].filter(([path]) => matchesGlob(path, pattern))
      : [[pattern, file]];
  if (found.length > 0) return found;
  throw new RenderError(
    `reading manifests: open ${WORKSPACE}/${pattern}: no such file or directory`,
  );
}
