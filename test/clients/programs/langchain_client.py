import json

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

# Both read OPENAI_BASE_URL and OPENAI_API_KEY.
model = ChatOpenAI(model="gemini-3.5-flash")
embeddings = OpenAIEmbeddings(
    model="gemini-embedding-001", check_embedding_ctx_length=False
)


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return "fine"


called = model.bind_tools([get_weather]).invoke(
    'Call get_weather with {"city": "Rome"}.'
)
print(
    json.dumps(
        {
            "chat": model.invoke("Say hello.").content,
            "streamed": "".join(chunk.content for chunk in model.stream("Say hello.")),
            "tool": json.dumps(called.tool_calls[0]["args"]),
            "vectors": [len(v) for v in embeddings.embed_documents(["one", "two"])],
        }
    )
)
