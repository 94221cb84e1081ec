import json
import os

from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike

GATEWAY = {
    "api_base": os.environ["OPENAI_BASE_URL"],
    "api_key": os.environ["OPENAI_API_KEY"],
}
model = OpenAILike(
    model="gemini-3.5-flash",
    is_chat_model=True,
    is_function_calling_model=True,
    **GATEWAY,
)
embedding = OpenAILikeEmbedding(model_name="gemini-embedding-001", **GATEWAY)
hello = [ChatMessage(role="user", content="Say hello.")]


def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return "fine"


called = model.chat_with_tools(
    [FunctionTool.from_defaults(get_weather)],
    user_msg='Call get_weather with {"city": "Rome"}.',
)
calls = model.get_tool_calls_from_response(called)
print(
    json.dumps(
        {
            "chat": model.chat(hello).message.content,
            "streamed": "".join(chunk.delta or "" for chunk in model.stream_chat(hello)),
            "tool": json.dumps(calls[0].tool_kwargs),
            "vectors": [len(v) for v in embedding.get_text_embedding_batch(["one", "two"])],
        }
    )
)
