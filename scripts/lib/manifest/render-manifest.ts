import { readFileSync } from "node:fs";
import {
  type Document,
  LineCounter,
  isScalar,
  parseDocument,
  stringify,
  visit,
} from "yaml";
import { InputError } from "../cli/errors.ts";
import { markApplied } from "./applied.ts";
import { parseConfigFiles, putConfigFiles } from "./config-items.ts";
import { type OwnVariables, putVariables } from "./key-entries.ts";
import type { Service } from "./knative.ts";
import { findLiteralSecret } from "./literal-secrets.ts";
import { dropParts } from "./optional-parts.ts";
import type { ManifestParameters } from "./parameters.ts";

const MANIFEST_FILE = "config/service.yaml";
/** Without these it describes no service. */
const NEEDED = [
  ["apiVersion"],
  ["kind"],
  ["metadata", "name"],
  ["spec", "template", "spec", "containers", 0, "image"],
];

const FROM_PARAM = /^\s*from-param:\s*\$\{(\w+)\}\s*$/;

/** What an env makes of the manifest. */
export interface ManifestInput {
  own: OwnVariables;
  parameters: ManifestParameters;
}

/** The manifest's text, from the repository. */
export function readManifest(): string {
  return readFileSync(MANIFEST_FILE, "utf8");
}

/**
 * Fills the manifest as Cloud Deploy does: a value behind which a `from-param`
 * comment stands is replaced, and keeps its type (quoted: a string).
 * Throws InputError where a parameter has no value.
 */
export function renderManifest(text: string, input: ManifestInput): Service {
  const document = openManifest(text, input);
  const missing = fillIn(document, input.parameters);
  if (missing.length > 0) {
    throw new InputError(
      `${MANIFEST_FILE}: no value for ${missing.map((n) => `\${${n}}`).join(", ")}`,
      { hint: "Its from-param comments must name parameters that an env has." },
    );
  }
  return document.toJS() as Service;
}

/**
 * Puts the parameters in their places; what is filled in loses its comment.
 * Returns the names that have no value.
 */
export function fillIn(
  document: Document,
  parameters: ManifestParameters,
): string[] {
  const missing: string[] = [];
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.value)) return;
      const name = FROM_PARAM.exec(pair.value.comment ?? "")?.[1];
      if (name === undefined) return;
      const value = parameters[name];
      if (value === undefined) missing.push(name);
      else {
        pair.value.value = convert(value, pair.value.value);
        pair.value.comment = null;
      }
    },
  });
  return missing;
}

/** Names of the variables that an env's service gives to LiteLLM. Without `parameters`: those of every optional part too. */
export function listVariables(
  text: string,
  own: OwnVariables,
  parameters?: ManifestParameters,
): ReadonlySet<string> {
  const document = parseManifest(text);
  if (parameters !== undefined) {
    dropParts(document, text, (name) => name in parameters);
  }
  putVariables(document, own);
  const service = document.toJS() as Service;
  return new Set(
    service.spec.template.spec.containers
      .flatMap((c) => c.env ?? [])
      .map((e) => e.name),
  );
}

/** A new revision by name, and where the traffic goes. */
export function withRevision(
  service: Service,
  revisionName: string,
  traffic: Service["spec"]["traffic"],
): Service {
  const { template } = service.spec;
  return {
    ...service,
    spec: {
      ...service.spec,
      template: {
        ...template,
        metadata: { ...template.metadata, name: revisionName },
      },
      ...(traffic !== undefined && { traffic }),
    },
  };
}

export function formatManifest(service: Service): string {
  return stringify(service, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The manifest as an env needs it, its parameters not filled in yet. */
export function openManifest(
  text: string,
  { own, parameters }: ManifestInput,
): Document {
  const document = parseManifest(text);
  dropParts(document, text, (name) => name in parameters);
  putVariables(document, own);
  const files = parseConfigFiles(parameters.configFiles);
  if (!putConfigFiles(document, files)) {
    throw new InputError(
      `${MANIFEST_FILE}: no volume has an item with \${configVersion}, so ${Object.keys(files).join(", ")} would not reach the service`,
      { hint: "Mount the config as the manifest of this project does." },
    );
  }
  markApplied(document);
  return document;
}

/** Throws InputError where the text is no manifest of a service. */
function parseManifest(text: string): Document {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw refuse(
      `${MANIFEST_FILE}:${String(line)}`,
      error.message.split("\n")[0] ?? "",
    );
  }
  const secret = findLiteralSecret(text, document, lines);
  if (secret !== undefined) {
    throw new InputError(
      `${MANIFEST_FILE}:${String(secret.line)}: ${secret.what}: a secret does not belong here`,
      {
        hint: "Keep it in Secret Manager (valueFrom: secretKeyRef), and revoke the value: it may already be in the history of the repository.",
      },
    );
  }
  const missing = NEEDED.find((path) => document.getIn(path) === undefined);
  if (missing === undefined) return document;
  throw refuse(MANIFEST_FILE, `${missing.join(".")} is missing`);
}

function refuse(where: string, what: string): InputError {
  return new InputError(`${where}: ${what}`, {
    hint: "It is a Cloud Run service (Knative serving v1): compare it with the one of this project.",
  });
}

function convert(value: string, previous: unknown): string | number {
  return typeof previous === "number" ? Number(value) : value;
}
