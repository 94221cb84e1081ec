import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type {
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from "node:http";
import path from "node:path";
import { json } from "node:stream/consumers";
import { answerChat } from "./chat.ts";
import type { Call } from "./call.ts";
import { type ClientKey, requireModel, requireRoute } from "./client-keys.ts";
import type { Deployment, GatewayConfig } from "./config.ts";
import { answerEmbeddings } from "./embeddings.ts";
import { ApiError } from "./api-error.ts";

/** The version whose place this takes, from the lock file. */
const VERSION =
  /^litellm==(\S+)/m.exec(
    readFileSync(path.join(import.meta.dirname, "../requirements.txt"), "utf8"),
  )?.[1] ?? "";

const CHAT = ["/v1/chat/completions", "/chat/completions"];
const EMBEDDINGS = ["/v1/embeddings", "/embeddings"];
const MODELS = ["/v1/models", "/models"];
const MODEL_INFO = ["/v1/model/info", "/model/info"];
/** Of these, what a client key may call. */
const OF_CLIENTS = [...CHAT, ...EMBEDDINGS, ...MODELS];

/** LiteLLM's HTTP interface, as far as this project's clients use it. */
export function createGateway(config: GatewayConfig): RequestListener {
  return (request, response) => {
    void handle(config, request, response).catch((error: unknown) => {
      if (error instanceof ApiError) sendError(response, error);
      else
        sendError(
          response,
          new ApiError(500, "internal_server_error", String(error)),
        );
    });
  };
}

async function handle(
  config: GatewayConfig,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://stand-in");
  if (["/health/liveliness", "/health/liveness"].includes(pathname)) {
    send(response, 200, "I'm alive!");
    return;
  }
  if (pathname === "/health/readiness") {
    send(response, 200, { status: "healthy", db: "Not connected" });
    return;
  }
  const route = `${request.method ?? ""} ${pathname}`;
  const isKnown = [...CHAT, ...EMBEDDINGS].some((p) => route === `POST ${p}`);
  const isModels = MODELS.some((p) => route === `GET ${p}`);
  const isInfo = MODEL_INFO.some((p) => route === `GET ${p}`);
  const isDetails = route === "GET /health/readiness/details";
  if (!isKnown && !isModels && !isInfo && !isDetails) {
    send(response, 404, { detail: "Not Found" });
    return;
  }
  refuseNotDone(config);
  const client = requireKey(config, request, pathname);
  if (isModels) send(response, 200, listModels(config, client));
  else if (isInfo) send(response, 200, listDeployments(config));
  else if (isDetails) {
    send(response, 200, { status: "healthy", litellm_version: VERSION });
  } else {
    const call = (await json(request)) as Call;
    if (client !== undefined) {
      const { model } = call;
      requireModel(client, [model, config.aliases.get(model) ?? model]);
      config.clientKeys?.count(client);
    }
    await answer(config, pathname, call, response);
  }
}

/** What would let a call pass in LiteLLM, or not, is never passed over in silence. */
function refuseNotDone({ notDone }: GatewayConfig): void {
  if (notDone.length === 0) return;
  throw new ApiError(
    501,
    "not_implemented",
    `The emulator's stand-in for LiteLLM does not do ${notDone.join(", ")}, and LiteLLM would: rehearse this config with LiteLLM itself.`,
  );
}

/** The client whose key it is; undefined: the master key. Without a database LiteLLM looks a wrong key up in vain, which is its 400. */
function requireKey(
  config: GatewayConfig,
  request: IncomingMessage,
  pathname: string,
): ClientKey | undefined {
  const header = request.headers.authorization ?? request.headers["x-api-key"];
  if (header === undefined || header === "") {
    throw new ApiError(
      401,
      "auth_error",
      "Authentication Error, No api key passed in.",
    );
  }
  const key = String(header).replace(/^Bearer /i, "");
  const client = config.clientKeys?.find(key);
  if (client !== undefined) {
    requireRoute(client, request.method ?? "", pathname, OF_CLIENTS);
    return client;
  }
  if (key !== config.masterKey) {
    throw new ApiError(400, "no_db_connection", "No connected db.");
  }
  return undefined;
}

function listModels(
  config: GatewayConfig,
  client: ClientKey | undefined,
): object {
  const { models: allowed = [] } = client ?? {};
  const names = [
    ...config.aliases.keys(),
    ...config.deployments.map(({ name }) => name),
  ].filter((name) => allowed.length === 0 || allowed.includes(name));
  const data = [...new Set(names)].map((id) => ({
    id,
    object: "model",
    created: 1677610602,
    owned_by: "openai",
  }));
  return { data, object: "list" };
}

function listDeployments(config: GatewayConfig): object {
  const data = config.deployments.map((deployment) => ({
    model_name: deployment.name,
    litellm_params: { model: deployment.model },
    model_info: { id: idOf(deployment), db_model: false },
  }));
  return { data };
}

/** Tries the model, then its fallbacks, each as often as `num_retries` says. */
async function answer(
  config: GatewayConfig,
  pathname: string,
  call: Call,
  response: ServerResponse,
): Promise<void> {
  const group = config.aliases.get(call.model) ?? call.model;
  const groups = call.disable_fallbacks
    ? [group]
    : [group, ...(config.fallbacks.get(group) ?? [])];
  for (const [fallbacks, name] of groups.entries()) {
    // LiteLLM also takes the id of one deployment as a model.
    const deployment = config.deployments.find(
      (d) => d.name === name || idOf(d) === name,
    );
    if (deployment === undefined) throw unknownModel(pathname, call.model);
    for (let retries = 0; ; retries++) {
      try {
        const headers = headersOf(deployment, fallbacks);
        const reply = EMBEDDINGS.includes(pathname)
          ? answerEmbeddings
          : answerChat;
        await reply(deployment, call, response, headers);
        return;
      } catch (error) {
        if (response.headersSent || !(error instanceof ApiError)) throw error;
        if (retries < config.retries) continue;
        if (fallbacks === groups.length - 1) throw error;
        break;
      }
    }
  }
}

function idOf({ name, model, location }: Deployment): string {
  return createHash("sha256")
    .update([name, model, location].join())
    .digest("hex");
}

function headersOf(deployment: Deployment, fallbacks: number) {
  return {
    "x-litellm-model-id": idOf(deployment),
    "x-litellm-version": VERSION,
    "x-litellm-attempted-retries": "0",
    "x-litellm-attempted-fallbacks": String(fallbacks),
    "x-litellm-model-group": deployment.name,
  };
}

function unknownModel(pathname: string, model: string): ApiError {
  return new ApiError(
    400,
    "invalid_request_error",
    `${pathname.replace("/v1", "")}: Invalid model name passed in model=${model}. Call \`/v1/models\` to view available models for your key.`,
  );
}

function sendError(response: ServerResponse, error: ApiError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { message, type, status } = error;
  send(response, status, {
    error: { message, type, param: null, code: String(status) },
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
