import type { Api } from "./api.ts";
import { artifactRegistryApi } from "./artifact-registry/api.ts";
import { Cloud, type Member } from "./cloud.ts";
import { environmentFor } from "./environment.ts";
import type { Recorder } from "./exchange.ts";
import { startProxy } from "./proxy.ts";
import type { ScriptImages } from "./runtime/images.ts";
import type { LitellmChoice } from "./runtime/program.ts";
import type { Runtime } from "./runtime/instance.ts";
import { startRuntime } from "./runtime/runtime.ts";
import { loggingApi } from "./logging/api.ts";
import { cloudRunApi } from "./run/api.ts";
import { serviceUrl } from "./run/place.ts";
import { billingApi } from "./billing.ts";
import { cloudBuildApis } from "./cloud-build/api.ts";
import { runTools } from "./cloud-build/run-tools.ts";
import { openWorkshop } from "./cloud-build/workshop.ts";
import { cloudDeployApi } from "./cloud-deploy/api.ts";
import { scriptContainers } from "./cloud-deploy/script-containers.ts";
import { geminiApis } from "./gemini/api.ts";
import { newGeminiApiKey } from "./gemini/state.ts";
import { iamApi } from "./iam/api.ts";
import { iamCredentialsApi } from "./iam/credentials.ts";
import { resourceManagerApi } from "./resource-manager/api.ts";
import { secretManagerApi } from "./secret-manager/api.ts";
import { serviceUsageApi } from "./service-usage/api.ts";
import { storageApi } from "./storage/api.ts";

/** The caller of a rehearsal, and owner of its project. */
export const DEVELOPER: Member = "user:developer@example.com";

export interface EmulatorOptions {
  /** 0, the default, takes any free one. */
  port?: number;
  /** The project that exists from the start, owned by the developer. */
  projectId?: string;
  /** What runs in place of LiteLLM's image: the real one, or a small program that starts at once. A function is asked at each start. */
  litellm?: LitellmChoice | (() => LitellmChoice);
  /** Images of one's own, for tests: Node programs by image reference. */
  scripts?: ScriptImages;
  /** Milliseconds that Cloud Deploy's automations wait at most, whatever their rules say; 3000 by default. */
  longestWait?: number;
  log?: (line: string) => void;
  record?: Recorder;
}

export interface Emulator {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly projectId: string;
  readonly cloud: Cloud;
  /** A valid key of the Gemini API, as Google AI Studio gives them. */
  readonly geminiApiKey: string;
  /** The variables that send gcloud here; writes the login of `caller` (the developer) into the directory. */
  environment(configDirectory: string, caller?: Member): Record<string, string>;
  /** Where a Cloud Run service of the first project answers. Throws NOT_FOUND. */
  serviceUrl(region: string, service: string): string;
  /** Ends every server and process that it started. */
  close(): Promise<void>;
}

/** Starts the embedded Google Cloud on a loopback port. */
export async function startEmulator(
  options: EmulatorOptions = {},
): Promise<Emulator> {
  const projectId = options.projectId ?? "demo-litellm";
  const cloud = new Cloud();
  cloud.createProject(projectId, DEVELOPER);
  const log = options.log ?? (() => undefined);
  const proxy = await startProxy({
    cloud,
    port: options.port ?? 0,
    apis: async (proxyUrl) => {
      const { litellm, scripts } = options;
      const runtime = await startRuntime({
        cloud,
        proxyUrl,
        log,
        ...(litellm && { litellm }),
        ...(scripts && { scripts }),
      });
      const workshop = openWorkshop(cloud, proxyUrl, log);
      return [
        ...cloudBuildApis(workshop),
        ...createApis(cloud, runtime, log),
        cloudDeployApi({
          cloud,
          url: proxyUrl,
          longestWait: options.longestWait ?? 3000,
          log,
          runContainer: scriptContainers(scripts ?? {}, (container) =>
            runTools(workshop, container),
          ),
        }),
      ];
    },
    log,
    record: options.record ?? (() => undefined),
  });
  return {
    port: proxy.port,
    url: proxy.url,
    projectId,
    cloud,
    geminiApiKey: newGeminiApiKey(cloud.gemini),
    serviceUrl: (region, service) =>
      serviceUrl({ project: cloud.project(projectId), region }, service),
    environment: (configDirectory, caller = DEVELOPER) =>
      environmentFor({ url: proxy.url, projectId, configDirectory, caller }),
    close: () => proxy.close(),
  };
}

/** Every API that the emulator answers. A request without a host of its own goes to the first one that has its path. */
function createApis(
  cloud: Cloud,
  runtime: Runtime,
  log: (line: string) => void,
): Api[] {
  return [
    serviceUsageApi(cloud),
    resourceManagerApi(cloud),
    billingApi(cloud),
    iamApi(cloud),
    iamCredentialsApi(cloud),
    secretManagerApi(cloud),
    storageApi(cloud),
    artifactRegistryApi(cloud),
    cloudRunApi({ cloud, runtime, log }),
    loggingApi(cloud),
    ...geminiApis(cloud),
  ];
}
