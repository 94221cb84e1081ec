"""What LiteLLM takes in its config, as JSON: the names of callbacks, guardrails and so
on, the parameters of a cache in Redis, and the kinds of a guardrail's parameters, as a
JSON schema has them. With others it does not start, or it starts without what was
named. Read by tools/models.ts."""

import inspect
import json
import re
import sys
import typing
from enum import Enum

import litellm
from litellm import _redis
from litellm.caching.caching import Cache
from litellm.integrations.generic_api import generic_api_callback
from litellm.proxy.common_utils import callback_utils
from litellm.proxy.guardrails import guardrail_registry
from litellm.types.caching import LiteLLMCacheType
from litellm.types.guardrails import GuardrailEventHooks, LitellmParams
from litellm.types.mcp import MCPAuth, MCPTransport

# Callbacks that the proxy makes itself stand only in its code.
made = re.findall(r'callback == "(\w+)"', inspect.getsource(callback_utils))
cache = set(inspect.signature(Cache.__init__).parameters)
redis = set(_redis._get_redis_kwargs()) | {"startup_nodes", "sentinel_nodes"}
redis |= {"sentinel_password", "service_name"}

names = {
    "callbacks": [
        *litellm._known_custom_logger_compatible_callbacks,
        *generic_api_callback.load_compatible_callbacks(),
        *made,
    ],
    "cache_types": [kind.value for kind in LiteLLMCacheType],
    "redis_params": (cache | redis) - {"self", "kwargs"},
    "guardrails": guardrail_registry.guardrail_initializer_registry,
    "guardrail_modes": [hook.value for hook in GuardrailEventHooks],
    "mcp_transports": [kind.value for kind in MCPTransport],
    "mcp_auth_types": [kind.value for kind in MCPAuth],
}

# Several, where a parameter may have a range.
KINDS = {
    "array": [[]],
    "boolean": [True],
    "integer": [7, 1000],
    "null": [None],
    "number": [2.5, 0.5],
    "object": [{}],
    "string": ["some text"],
}


def list_kinds(name: str, wrap: typing.Callable = lambda value: value) -> list[str]:
    return [
        kind
        for kind, values in KINDS.items()
        if any(takes(name, wrap(value)) for value in values)
    ]


def takes(name: str, value: object) -> bool:
    try:
        LitellmParams(**{"guardrail": "aim", "mode": "pre_call", name: value})
    except ValueError:
        return False
    return True


def list_words(annotation: object) -> list[str]:
    """Texts that are all that a parameter may be."""
    if typing.get_origin(annotation) is typing.Literal:
        return [word for word in typing.get_args(annotation) if isinstance(word, str)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [word.value for word in annotation]
    return [word for part in typing.get_args(annotation) for word in list_words(part)]


def has_parts(annotation: object) -> bool:
    """Whether a parameter may be a mapping with keys that it needs."""
    parts = typing.get_args(annotation)
    return hasattr(annotation, "model_fields") or any(map(has_parts, parts))


def describe(name: str, annotation: object) -> dict:
    if has_parts(annotation):
        return {}
    kinds = list_kinds(name)
    if "string" in kinds:
        return {"type": kinds}
    words = [word for word in list_words(annotation) if takes(name, word)]
    if words and set(kinds) <= {"null"}:
        return {"enum": [*words, *([None] if kinds else [])]}
    if words:
        return {"type": [*kinds, "string"]}
    # What the environment gives is a text, which LiteLLM reads.
    schema = {"type": [*kinds, "string"], "pattern": "^os\\.environ/"}
    items = list_kinds(name, lambda value: [value])
    return {**schema, "items": {"type": items}} if items else schema


params = {
    name: schema
    for name, field in LitellmParams.model_fields.items()
    if name not in ("guardrail", "mode")
    and (schema := describe(name, field.annotation))
}
listed = {name: {"enum": sorted(set(found))} for name, found in names.items()}
json.dump({**listed, "guardrail_params": {"properties": params}}, sys.stdout)
