import type { Mode } from "../../scripts/lib/litellm-config/rule.ts";

/** A call of LiteLLM, and what of its answer shows the reason of a refusal. */
export interface Shown {
  path: string;
  /** Of a POST; none: a GET. */
  body?: object;
  status: number;
  says: string | RegExp;
  /** A model that Gemini does not answer for meanwhile. */
  failing?: string;
}

/** What the check refuses although LiteLLM starts with it. */
export interface Purpose {
  why: string;
  /** The sentence of such a refusal. */
  says: RegExp;
  /** One that is refused so. */
  example: { mode: Mode; text: string };
  /** A call that LiteLLM answers otherwise than whoever wrote it expects; or why none can show it. */
  shown: Shown | string;
}

const FLASH = "{model: vertex_ai/gemini-3.8-flash}";
const PLACE =
  "vertex_project: os.environ/PROJECT_ID, vertex_location: os.environ/REGION";

interface Parts {
  mode?: Mode;
  /** `NAME: PARAMS`, in YAML. */
  models?: Record<string, string>;
  /** Of litellm_settings. */
  settings?: string;
  more?: string;
}

function write({
  mode = "vertex",
  models = { flash: FLASH },
  settings = PLACE,
  more = "",
}: Parts): Purpose["example"] {
  const entries = Object.entries(models).map(
    ([name, params]) =>
      `  - {model_name: ${name}, litellm_params: ${params}}\n`,
  );
  const text = `model_list:
${entries.join("")}litellm_settings: {${settings}}
general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}
${more}`;
  return { mode, text };
}

function chat(
  status: number,
  says: string,
  {
    model = "flash",
    ...more
  }: { model?: string; [name: string]: unknown } = {},
): Shown {
  const messages = [{ role: "user", content: "x" }];
  const body = { model, messages, ...more };
  return { path: "/v1/chat/completions", body, status, says };
}

/** The same, while the model fails that the fallbacks are for. */
function chatFailing(status: number, says: string): Shown {
  return { ...chat(status, says), failing: "gemini-3.8-flash" };
}

const NO_EFFECT = "a setting that is probably misspelt has no effect";
const OTHER_KIND =
  "a value of another kind is misread, or fails with the first call";
const LACKS = "what names no model answers nobody";
const SECRET = "a secret in the file is in the history of the repository";
const NO_VALUE = "LiteLLM gets nothing, or the words themselves, for a value";
const NOT_THERE =
  "Google has no such model, or not there, or not for this env's account";
const NO_NAME = "calls of that name, or those that should help them, fail";

export const ON_PURPOSE: readonly Purpose[] = [
  {
    why: NO_EFFECT,
    says: /does not know \S+ in .+, and ignores it$/,
    example: write({ settings: `${PLACE}, drop_parms: true` }),
    shown: chat(400, "UnsupportedParamsError", { logit_bias: { 1: 1 } }),
  },
  {
    why: NO_EFFECT,
    says: /is no parameter of LiteLLM, which passes it on to the model$/,
    example: write({
      models: {
        flash: "{model: vertex_ai/gemini-3.8-flash, vertex_locaton: global}",
      },
      settings: "vertex_project: os.environ/PROJECT_ID",
    }),
    shown: chat(404, "us-central1"),
  },
  {
    why: NO_EFFECT,
    says: /^credential_list has no /,
    example: write({
      models: {
        flash:
          "{model: vertex_ai/gemini-3.8-flash, litellm_credential_name: vertx}",
      },
      settings: "num_retries: 0",
      more: `credential_list:
  - credential_name: vertex
    credential_values: {${PLACE}}
    credential_info: {custom_llm_provider: vertex_ai}
`,
    }),
    shown: chat(404, "us-central1"),
  },
  {
    why: NO_EFFECT,
    says: /is no parameter of a cache in Redis$/,
    example: write({
      settings: `${PLACE}, cache: true, cache_params: {tyype: redis, host: 127.0.0.1, port: 1}`,
    }),
    shown: { path: "/cache/ping", status: 200, says: "LiteLLMCacheType.LOCAL" },
  },
  {
    why: NO_EFFECT,
    says: /: \S+ is not known here$/,
    example: write({
      more: "router_settings: {model_group_alias: {old: {model: flash, hidden: false, hiden: true}}}\n",
    }),
    shown: { path: "/v1/models", status: 200, says: '"id":"old"' },
  },
  {
    why: OTHER_KIND,
    says: /: expected .+, found /,
    example: write({
      models: {
        flash: "{model: vertex_ai/gemini-3.8-flash, temperature: hot}",
      },
    }),
    shown: chat(500, "not supported between instances of 'str' and 'float'"),
  },
  {
    why: OTHER_KIND,
    says: /is not one of its values$/,
    example: write({
      models: { flash: `${FLASH}, model_info: {mode: chatt}` },
    }),
    shown: { path: "/health?model=flash", status: 503, says: "chatt" },
  },
  {
    why: LACKS,
    says: /: \S+ is missing$/,
    example: {
      mode: "vertex",
      text: "general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}\n",
    },
    shown: chat(400, "flash"),
  },
  {
    why: SECRET,
    says: /is written into the file: a secret does not belong here$/,
    example: write({
      mode: "apikey",
      models: {
        flash: "{model: gemini/gemini-3.8-flash, api_key: a-literal-key}",
      },
      settings: "num_retries: 0",
    }),
    shown: "it works until somebody else reads the file",
  },
  {
    why: NO_VALUE,
    says: /is not in the service's environment(, so LiteLLM gets nothing here| \(.+\))?$/,
    example: write({
      settings:
        "vertex_project: os.environ/PROJECT_ID, vertex_location: os.environ/REGIO",
    }),
    shown: chat(404, "us-central1"),
  },
  {
    why: NO_VALUE,
    says: /is not the whole value here, so LiteLLM leaves it as it is$/,
    example: write({
      models: {
        flash: `${FLASH}, model_info: {mode: chat, place: in os.environ/REGION}`,
      },
    }),
    shown: {
      path: "/model/info",
      status: 200,
      says: "in os.environ/REGION",
    },
  },
  {
    why: NO_VALUE,
    says: /^LiteLLM does not resolve .+ in a list$/,
    example: write({
      models: {
        flash: `${FLASH}, model_info: {mode: chat, places: [os.environ/REGION]}`,
      },
    }),
    shown: { path: "/model/info", status: 200, says: "os.environ/REGION" },
  },
  {
    why: NO_VALUE,
    says: /^LiteLLM does not expand /,
    example: write({
      settings: "vertex_project: $PROJECT_ID, vertex_location: global",
    }),
    shown: chat(403, "$PROJECT_ID"),
  },
  {
    why: NOT_THERE,
    says: /is no chat or embedding model that LiteLLM/,
    example: write({ models: { flash: "{model: vertex_ai/gemini-3.8-flsh}" } }),
    shown: chat(404, "gemini-3.8-flsh"),
  },
  {
    why: NOT_THERE,
    says: /^\S+( \(and \d+ more\))? has no vertex_location: /,
    example: write({ settings: "vertex_project: os.environ/PROJECT_ID" }),
    shown: chat(404, "us-central1"),
  },
  {
    why: NOT_THERE,
    says: /does not fit MODE=apikey/,
    example: write({ mode: "apikey" }),
    shown: chat(403, "aiplatform.endpoints.predict"),
  },
  {
    why: NO_NAME,
    says: /^alias \S+ names another alias/,
    example: write({
      more: "router_settings: {model_group_alias: {old: flash, older: old}}\n",
    }),
    shown: chat(400, "old", { model: "older" }),
  },
  {
    why: NO_NAME,
    says: /^alias \S+ names \S+, which is no model_name$/,
    example: write({
      more: "router_settings: {model_group_alias: {old: flsh}}\n",
    }),
    shown: chat(400, "flsh", { model: "old" }),
  },
  {
    why: NO_NAME,
    says: /^alias \S+ hides the model_name /,
    example: write({
      models: { flash: FLASH, pro: "{model: vertex_ai/gemini-4-argon}" },
      more: "router_settings: {model_group_alias: {flash: pro}}\n",
    }),
    shown: chat(200, "This is gemini-4-argon"),
  },
  {
    why: NO_NAME,
    says: /falls back to \S+, which is no model_name and no alias$/,
    example: write({ settings: `${PLACE}, fallbacks: [flash: [flsh]]` }),
    shown: chatFailing(500, "flsh"),
  },
  {
    why: NO_NAME,
    says: /^\S+ of \S+, which is no model_name and no alias$/,
    example: write({ settings: `${PLACE}, fallbacks: [flsh: [flash]]` }),
    shown: chatFailing(500, "no fallback model group was found for it"),
  },
  {
    why: NO_NAME,
    says: /^\S+ is no model_name and no alias \(.+\)$/,
    example: write({
      more: `router_settings:
  fallbacks:
    - flsh: [flash]
    - flash: [flsh]
`,
    }),
    shown: chatFailing(500, "flsh"),
  },
  {
    why: NO_NAME,
    says: /falls back to .+, which is for /,
    example: write({
      models: {
        flash: FLASH,
        vectors:
          "{model: vertex_ai/gemini-embedding-001}, model_info: {mode: embedding}",
      },
      settings: `${PLACE}, fallbacks: [flash: [vectors]]`,
    }),
    shown: chatFailing(500, "gemini-embedding-001"),
  },
  {
    why: "the same deployment twice is one: a failure of it takes both away",
    says: /^the same deployment of .+ once more$/,
    example: {
      mode: "vertex",
      text: write({}).text.replace(/( {2}- .*\n)/, "$1$1"),
    },
    shown: {
      path: "/model/info",
      status: 200,
      says: /"id":"([0-9a-f]+)".*"id":"\1"/s,
    },
  },
  {
    why: "this project deploys no database",
    says: /gives LiteLLM a database/,
    example: {
      mode: "vertex",
      text: write({}).text.replace(
        /(LITELLM_MASTER_KEY)/,
        "$1, store_model_in_db: true",
      ),
    },
    shown: "what LiteLLM makes of a database needs one",
  },
];

/** What such a refusal may not say. */
const CLAIMS = /LiteLLM (does not start|starts without)|answer without/;

/** Why what LiteLLM starts with is refused with this sentence; undefined: for no reason. */
export function findPurpose(sentence: string): Purpose | undefined {
  if (CLAIMS.test(sentence)) return undefined;
  return ON_PURPOSE.find(({ says }) => says.test(sentence));
}
