import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** The files of a CONFIG that is a directory, by name. */
export type Files = Readonly<Record<string, string>>;

const MODELS = `model_list:
  - {model_name: pro, litellm_params: {model: vertex_ai/gemini-4-argon}}
`;
const SETTINGS = `litellm_settings:
  vertex_project: os.environ/PROJECT_ID
  vertex_location: os.environ/REGION
`;
const GENERAL = `general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`;
const REST = SETTINGS + GENERAL;
/** A config that is one file, with one model. */
export const ONE_MODEL = `${MODELS}${REST}`;
/** A config whose `callbacks` names this. */
const withCallback = (name: string): string =>
  `${MODELS}${SETTINGS}  callbacks: ${name}\n${GENERAL}`;

/** A Python file with a class `Handler` and its object `handler`. */
export const CALLBACK = `from litellm.integrations.custom_logger import CustomLogger


class Handler(CustomLogger):
    async def async_log_success_event(
        self, kwargs, response_obj, start_time, end_time
    ):
        text = "a call was answered"
        print(f"own callback: {text}", flush=True)


handler = Handler()
`;

/** A config in three YAML files, with Python for each place that takes a name of it. */
export const TEAM: Files = {
  "config.yaml": `include: [models.yaml, ./guardrails.yaml]
${SETTINGS}  callbacks: [callbacks.handler]
  post_call_rules: rules.check
  custom_provider_map:
    - {provider: own, custom_handler: provider.own}
${GENERAL}  custom_auth: auth.check
`,
  "models.yaml": `include: [more-models.yaml]
${MODELS}`,
  "more-models.yaml": `model_list:
  - {model_name: other, litellm_params: {model: gemini/gemini-4-argon, api_key: os.environ/GEMINI_API_KEY}}
`,
  "guardrails.yaml": `guardrails:
  - guardrail_name: words
    litellm_params: {guardrail: guardrail.Words, mode: pre_call, default_on: true}
`,
  "callbacks.py": CALLBACK,
  "rules.py": `def check(text):
    return {"decision": True}
`,
  "provider.py": `from litellm import CustomLLM


class Own(CustomLLM):
    pass


own = Own()
`,
  "auth.py": `import os

from litellm.proxy._types import UserAPIKeyAuth


async def check(request, api_key):
    if api_key == os.environ["LITELLM_MASTER_KEY"]:
        return UserAPIKeyAuth(api_key=api_key)
    raise ValueError("this is no key of the team")
`,
  "guardrail.py": `import os
import sys

sys.path.append(os.path.dirname(__file__))

from litellm.integrations.custom_guardrail import CustomGuardrail  # noqa: E402
from fastapi import HTTPException  # noqa: E402
import words  # noqa: E402


class Words(CustomGuardrail):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        if any(word in str(data.get("messages")) for word in words.REFUSED):
            raise HTTPException(status_code=400, detail="a word of the team's list")
        return data
`,
  "words.py": `REFUSED = ["forbidden"]
`,
};

/** One in three YAML files that names none of its Python: LiteLLM's stand-in runs none. */
export const WITHOUT_HOOKS: Files = {
  "config.yaml": `include: [models.yaml]
${REST}`,
  "models.yaml": TEAM["models.yaml"] ?? "",
  "more-models.yaml": TEAM["more-models.yaml"] ?? "",
  "words.py": TEAM["words.py"] ?? "",
};

/** Sets of files with what the check says of them; those with an error LiteLLM does not start with. */
export const SETS: readonly { what: string; files: Files }[] = [
  { what: "a whole set", files: TEAM },
  {
    what: "an include that is not there",
    files: {
      "config.yaml": `include: [modles.yaml]\n${REST}`,
      "models.yaml": MODELS,
    },
  },
  {
    what: "an include of an include that is not there",
    files: {
      "config.yaml": `include: [models.yaml]\n${REST}`,
      "models.yaml": `${MODELS}include: [gone.yaml]\n`,
    },
  },
  {
    what: "an include that is no list",
    files: {
      "config.yaml": `include: models.yaml\n${REST}`,
      "models.yaml": MODELS,
    },
  },
  {
    what: "an include of nothing",
    files: { "config.yaml": `include:\n${MODELS}${REST}` },
  },
  {
    what: "an included list",
    files: {
      "config.yaml": `include: [models.yaml]\n${MODELS}${REST}`,
      "models.yaml": "- 1\n",
    },
  },
  {
    what: "an include without a word, and one of itself",
    files: {
      "config.yaml": `include: [config.yaml, notes.yaml]\n${MODELS}${REST}`,
      "notes.yaml": "# nothing yet\n",
    },
  },
  {
    what: "a section in two files",
    files: {
      "config.yaml": `include: [more.yaml]\n${MODELS}${REST}`,
      "more.yaml": `${SETTINGS}  drop_params: true\n`,
    },
  },
  {
    what: "a mistake in an included list",
    files: {
      "config.yaml": `include: [more.yaml]\n${MODELS}${REST}`,
      "more.yaml": `model_list:\n  - model_name: lost\n    litellm_params: {}\n`,
    },
  },
  {
    what: "a Python file that is not there",
    files: {
      "config.yaml": withCallback("callback.handler"),
      "callbacks.py": CALLBACK,
    },
  },
  {
    what: "a name that its file has not",
    files: {
      "config.yaml": withCallback("callbacks.handeler"),
      "callbacks.py": CALLBACK,
    },
  },
  {
    what: "a name that stands in a function alone",
    files: {
      "config.yaml": withCallback("callbacks.text"),
      "callbacks.py": CALLBACK,
    },
  },
  {
    what: "a class in the place of its object",
    files: {
      "config.yaml": withCallback("callbacks.Handler"),
      "callbacks.py": CALLBACK,
    },
  },
  {
    what: "a name that is made as the file runs",
    files: {
      "config.yaml": withCallback("callbacks.made"),
      "callbacks.py": `${CALLBACK}\nglobals()["made"] = handler\n`,
    },
  },
  {
    what: "a list of rules",
    files: {
      "config.yaml": `${MODELS}${SETTINGS}  post_call_rules: [rules.check]\n${GENERAL}`,
      "rules.py": "def check(text): ...\n",
    },
  },
  {
    what: "an import of the file beside it",
    files: {
      "config.yaml": withCallback("callbacks.handler"),
      "callbacks.py": `import helper\n${CALLBACK}`,
      "helper.py": "X = 1\n",
    },
  },
  {
    what: "a relative import",
    files: {
      "config.yaml": withCallback("callbacks.handler"),
      "callbacks.py": `from .helper import X\n${CALLBACK}`,
      "helper.py": "X = 1\n",
    },
  },
];

/** Hands the directory with these files to `use`, and removes it after. */
export async function withFiles<T>(
  files: Files,
  use: (directory: string) => T | Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "litellm-config-"));
  try {
    await writeFiles(directory, files);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export async function writeFiles(
  directory: string,
  files: Files,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(directory, name), text);
  }
}
