"""The names that LiteLLM takes as values in its config, and as parameters of a cache in
Redis, as JSON: a name that is not among them keeps it from starting, or it starts
without what was named. Read by tools/models.ts."""

import inspect
import json
import re
import sys

import litellm
from litellm import _redis
from litellm.caching.caching import Cache
from litellm.integrations.generic_api import generic_api_callback
from litellm.proxy.common_utils import callback_utils
from litellm.proxy.guardrails import guardrail_registry
from litellm.types.caching import LiteLLMCacheType
from litellm.types.guardrails import GuardrailEventHooks
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
json.dump({name: sorted(set(found)) for name, found in names.items()}, sys.stdout)
