import type { Api } from "./core/api.ts";
import { ANTHROPIC_PATH, anthropicRoutes } from "./apis/anthropic/routes.ts";
import {
  anthropicOf,
  modelGardenRoutes,
  newAnthropicKey,
} from "./apis/anthropic/state.ts";
import { claudeRoutes } from "./apis/anthropic/vertex.ts";
import { artifactRegistryApi } from "./apis/artifact-registry/api.ts";
import { Cloud, type Member } from "./core/cloud.ts";
import { environmentFor } from "./core/environment.ts";
import type { Recorder } from "./core/exchange.ts";
import { startProxy } from "./core/proxy.ts";
import type { ScriptImages } from "./machine/runtime/images.ts";
import type { LitellmChoice } from "./machine/runtime/program.ts";
import type { Runtime } from "./machine/runtime/instance.ts";
import { startRuntime } from "./machine/runtime/runtime.ts";
import { storedImagesFor } from "./apis/artifact-registry/runtime-images.ts";
import { type GeminiServer, startGemini } from "./apis/gemini/server.ts";
import { loggingApi } from "./apis/logging/api.ts";
import { monitoringApi } from "./apis/monitoring/api.ts";
import { OPENAI_PATH, openAiRoutes } from "./apis/openai/routes.ts";
import { newOpenAiKey, openAiOf } from "./apis/openai/state.ts";
import { orgPolicyApi } from "./apis/org-policy/api.ts";
import { cloudRunApi } from "./apis/run/api.ts";
import { serviceUrl } from "./apis/run/place.ts";
import { billingApi } from "./apis/billing/api.ts";
import { billingBudgetsApi } from "./apis/billing-budgets/api.ts";
import { cloudBuildApis } from "./apis/cloud-build/api.ts";
import { runTools } from "./apis/cloud-build/run-tools.ts";
import { openWorkshop } from "./apis/cloud-build/workshop.ts";
import { cloudDeployApi } from "./apis/cloud-deploy/api.ts";
import { scriptContainers } from "./apis/cloud-deploy/script-containers.ts";
import { geminiApis } from "./apis/gemini/api.ts";
import { geminiOf, newGeminiApiKey } from "./apis/gemini/state.ts";
import { iamApi } from "./apis/iam/api.ts";
import { iamCredentialsApi } from "./apis/iam/credentials.ts";
import { resourceManagerApi } from "./apis/resource-manager/api.ts";
import { secretManagerApi } from "./apis/secret-manager/api.ts";
import { serviceUsageApi } from "./apis/service-usage/api.ts";
import { stsApi } from "./apis/sts/api.ts";
import type { Issuers } from "./apis/sts/jwt.ts";
import { storageApi } from "./apis/storage/api.ts";

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
  /** Milliseconds that Cloud Deploy's automations wait at most, whatever their rules say; 3000 by default. A function is asked at each wait. */
  longestWait?: number | (() => number);
  /** Whether a repair's rollback waits for approval where its target asks for that; not by default. Google's documents leave it open. */
  repairsAskApproval?: boolean | (() => boolean);
  /** Whether a phase of a custom canary may have 0 %; by default. Google's documents leave it open. */
  takesEmptyPhases?: boolean | (() => boolean);
  /** Milliseconds until new accounts, grants, APIs and service agents are seen everywhere; 0 by default. A function is asked each time. */
  propagation?: number | (() => number);
  /** Milliseconds after which Secret Manager destroys what was scheduled for it at the latest; as long as the secret says by default. */
  longestDestroyDelay?: number | (() => number);
  /** Who signs tokens for workload identity pools, with the public key of each: none by default, and nothing is fetched. */
  issuers?: Issuers;
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
  /** A valid key of OpenAI's API. */
  readonly openaiApiKey: string;
  /** A valid key of Anthropic's API. */
  readonly anthropicApiKey: string;
  /** The variables that send gcloud here; writes a login of `caller` (the developer), good for this start only, into the directory. */
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
  cloud.propagation.delay = toFunction(options.propagation ?? 0);
  const log = options.log ?? (() => undefined);
  const proxy = await startProxy({
    cloud,
    port: options.port ?? 0,
    apis: async (proxyUrl) => {
      const { litellm, scripts, longestWait = 3000 } = options;
      const { longestDestroyDelay = Infinity } = options;
      const { repairsAskApproval = false, takesEmptyPhases = true } = options;
      const gemini = await startGemini(cloud, log, [
        claudeRoutes(cloud),
        openAiRoutes(cloud),
        anthropicRoutes(cloud),
      ]);
      const runtime = startRuntime({
        cloud,
        geminiUrl: gemini.url,
        providers: {
          OPENAI_BASE_URL: `${gemini.url}${OPENAI_PATH}/v1`,
          ANTHROPIC_API_BASE: `${gemini.url}${ANTHROPIC_PATH}`,
        },
        stored: (project) => storedImagesFor(cloud, project),
        proxyUrl,
        log,
        ...(litellm && { litellm }),
        ...(scripts && { scripts }),
      });
      const workshop = openWorkshop(cloud, proxyUrl, log);
      return [
        ...cloudBuildApis(workshop),
        secretManagerApi(cloud, toFunction(longestDestroyDelay)),
        ...createApis(cloud, runtime, gemini, log),
        stsApi(cloud, options.issuers ?? {}),
        cloudDeployApi({
          cloud,
          url: proxyUrl,
          longestWait: toFunction(longestWait),
          repairsAskApproval: toFunction(repairsAskApproval),
          takesEmptyPhases: toFunction(takesEmptyPhases),
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
    geminiApiKey: newGeminiApiKey(geminiOf(cloud)),
    openaiApiKey: newOpenAiKey(openAiOf(cloud)),
    anthropicApiKey: newAnthropicKey(anthropicOf(cloud)),
    serviceUrl: (region, service) =>
      serviceUrl({ project: cloud.project(projectId), region }, service),
    environment: (configDirectory, caller = DEVELOPER) =>
      environmentFor({
        cloud,
        url: proxy.url,
        projectId,
        configDirectory,
        caller,
        authority: proxy.authority,
      }),
    close: () => proxy.close(),
  };
}

function toFunction<T extends number | boolean>(value: T | (() => T)): () => T {
  return typeof value === "function" ? value : () => value;
}

/** Most APIs that the emulator answers. A request without a host of its own goes to the first one that has its path. */
function createApis(
  cloud: Cloud,
  runtime: Runtime,
  gemini: GeminiServer,
  log: (line: string) => void,
): Api[] {
  return [
    serviceUsageApi(cloud),
    resourceManagerApi(cloud),
    billingApi(cloud),
    billingBudgetsApi(cloud),
    iamApi(cloud),
    iamCredentialsApi(cloud),
    storageApi(cloud),
    artifactRegistryApi(cloud),
    cloudRunApi({ cloud, runtime, log }),
    loggingApi(cloud),
    monitoringApi(cloud),
    orgPolicyApi(cloud),
    ...geminiApis(
      cloud,
      gemini,
      [claudeRoutes(cloud)],
      modelGardenRoutes(cloud),
    ),
  ];
}
