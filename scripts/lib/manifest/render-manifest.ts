import { readFileSync } from "node:fs";
import { isScalar, parseDocument, stringify, visit } from "yaml";
import { InputError } from "../cli/errors.ts";
import type { Settings } from "../settings/settings.ts";
import type { Service } from "./knative.ts";

const MANIFEST_FILE = "config/service.yaml";
const FROM_PARAM = /^\s*from-param:\s*\$\{(\w+)\}\s*$/;

/** Everything in the manifest that differs between envs, by the name in its `from-param` comment. */
export type ManifestParams = Record<string, string>;

/** What a revision reads from Secret Manager, pinned. */
export interface SecretPins {
  /** Alias `sha-<12 hex>`. */
  configVersion: string;
  /** A version number. */
  masterKeyVersion: string;
  /** A version number; only in API-key mode. */
  geminiKeyVersion?: string;
}

export function toParams(settings: Settings, pins: SecretPins): ManifestParams {
  return {
    service: settings.service,
    serviceAccount: settings.serviceAccount,
    image: settings.image,
    invokerIamDisabled: String(settings.access === "public"),
    cpu: settings.cpu,
    memory: settings.memory,
    concurrency: settings.concurrency,
    minInstances: settings.minInstances,
    maxInstances: settings.maxInstances,
    timeout: settings.timeout,
    projectId: settings.projectId,
    modelRegion: settings.modelRegion,
    configSecret: settings.configSecret,
    configVersion: pins.configVersion,
    masterKeySecret: settings.masterKeySecret,
    masterKeyVersion: pins.masterKeyVersion,
    ...(pins.geminiKeyVersion !== undefined && {
      geminiKeySecret: settings.geminiKeySecret,
      geminiKeyVersion: pins.geminiKeyVersion,
    }),
  };
}

/** The manifest's text, from the repository. */
export function readManifest(): string {
  return readFileSync(MANIFEST_FILE, "utf8");
}

/**
 * Fills the manifest as Cloud Deploy does: a value behind which a `from-param`
 * comment stands is replaced, and keeps its type (quoted: a string).
 * Without a Gemini key its environment variable is left out.
 * Throws InputError where a parameter has no value.
 */
export function renderManifest(text: string, params: ManifestParams): Service {
  const document = parseDocument(text);
  const missing: string[] = [];
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.value)) return;
      const name = FROM_PARAM.exec(pair.value.comment ?? "")?.[1];
      if (name === undefined) return;
      const value = params[name];
      if (value === undefined) missing.push(name);
      else pair.value.value = convert(value, pair.value.value);
    },
  });
  const withoutGeminiKey = missing.every((name) =>
    name.startsWith("geminiKey"),
  );
  if (!withoutGeminiKey) {
    throw new InputError(
      `${MANIFEST_FILE}: no value for ${missing.map((n) => `\${${n}}`).join(", ")}`,
      { hint: "Its from-param comments must name parameters that an env has." },
    );
  }
  const service = document.toJS() as Service;
  return missing.length > 0 ? dropEnv(service, "GEMINI_API_KEY") : service;
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

function convert(value: string, previous: unknown): string | number {
  return typeof previous === "number" ? Number(value) : value;
}

function dropEnv(service: Service, name: string): Service {
  for (const container of service.spec.template.spec.containers) {
    container.env = (container.env ?? []).filter((e) => e.name !== name);
  }
  return service;
}
