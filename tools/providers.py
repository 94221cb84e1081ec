"""What LiteLLM knows of providers, as JSON: their names, the variable that each
takes its key from, the models that it knows without a provider's name, what models
are for that are not for chat, and when models retire. Read by tools/models.ts."""

import json
import os
import sys

import litellm

# Some models are asked about that have no provider; LiteLLM says so at length.
litellm.suppress_debug_info = True
os.environ.clear()

names = sorted(getattr(name, "value", name) for name in litellm.provider_list)

# Of two variables for one key, the one that LiteLLM's documents name.
PREFERRED = {"gemini": "GEMINI_API_KEY"}


# Asked about their models, LiteLLM begins a login.
LOGINS = ("chatgpt", "github_copilot")


def key_of(provider: str) -> "str | None":
    if provider in LOGINS:
        return None
    missing = litellm.validate_environment(model=f"{provider}/any")["missing_keys"]
    if provider in PREFERRED and PREFERRED[provider] in missing:
        return PREFERRED[provider]
    # What needs several things can have them in several ways.
    [only, *others] = missing or [None]
    return only if only and not others and only.endswith(("_KEY", "_TOKEN")) else None


def provider_of(model: str) -> "str | None":
    first, *rest = model.split("/")
    if rest:
        return first if first in names else None
    try:
        return litellm.get_llm_provider(model)[1]
    except Exception:
        return None


# Google's own are in config/models.json.
GOOGLE = ("gemini", "vertex_ai")
TEXT = ("chat", "responses", "completion", None)

bare: "dict[str, list[str]]" = {}
kinds: "dict[str, set[str]]" = {"embedding": set(), "other": set()}
retirements: "dict[str, str]" = {}
for model, entry in sorted(litellm.model_cost.items()):
    provider = provider_of(model)
    if provider is None or provider in GOOGLE:
        continue
    if "/" not in model:
        bare.setdefault(provider, []).append(model)
    full = model if "/" in model else f"{provider}/{model}"
    if entry.get("deprecation_date"):
        retirements[full] = entry["deprecation_date"]
    mode = entry.get("mode")
    if mode not in TEXT:
        kinds[mode if mode == "embedding" else "other"].add(full)

json.dump(
    {
        "providers": names,
        "keys": {name: key for name in names if (key := key_of(name))},
        "bareModels": bare,
        "kinds": {kind: sorted(models) for kind, models in kinds.items()},
        "retirements": retirements,
    },
    sys.stdout,
    sort_keys=True,
)
