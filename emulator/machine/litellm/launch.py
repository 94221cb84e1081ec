"""Runs `litellm` as its own command does. Python's garbage collector looks over
the many objects of its imports again and again: doing so less often takes a
fifth off the start and costs no memory."""

import gc
import os
import sys

gc.set_threshold(100_000, 10, 10)

from litellm import run_server  # noqa: E402
from litellm.llms.gemini.count_tokens.handler import (  # noqa: E402
    GoogleAIStudioTokenCounter,
)
from litellm.llms.vertex_ai.vertex_ai_partner_models.count_tokens import (  # noqa: E402
    handler as claude_tokens,
)
from litellm.llms.vertex_ai.vertex_llm_base import VertexBase  # noqa: E402

# Where LiteLLM takes Gemini's or Anthropic's own requests and where it counts
# tokens it asks Google at its usual address: there it does not read these
# variables, which lead its other calls to the emulated models.
VERTEX = os.environ.get("VERTEXAI_API_BASE")
GEMINI = os.environ.get("GEMINI_API_BASE")

choose_url = VertexBase._check_custom_proxy
make_count_url = GoogleAIStudioTokenCounter._construct_url
find_host = claude_tokens.get_vertex_base_url


def choose_emulated_url(self, api_base, custom_llm_provider, **rest):
    emulated = GEMINI if custom_llm_provider == "gemini" else VERTEX
    return choose_url(self, api_base or emulated, custom_llm_provider, **rest)


def make_emulated_count_url(self, model, api_base=None):
    return make_count_url(self, model, api_base or GEMINI)


def find_emulated_host(vertex_location):
    return VERTEX or find_host(vertex_location)


VertexBase._check_custom_proxy = choose_emulated_url
GoogleAIStudioTokenCounter._construct_url = make_emulated_count_url
claude_tokens.get_vertex_base_url = find_emulated_host

sys.exit(run_server())
