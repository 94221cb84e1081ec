import asyncio
import base64
import os

from llama_index.core.agent.workflow import AgentStream, FunctionAgent
from llama_index.core.base.llms.types import ImageBlock
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from questions import QUESTIONS, Forecast
from report import report

GATEWAY = {
    "api_base": os.environ["OPENAI_BASE_URL"],
    "api_key": os.environ["OPENAI_API_KEY"],
}


def connect(**changed):
    options = {"model": QUESTIONS["model"], "is_chat_model": True, **GATEWAY}
    return OpenAILike(**{**options, "is_function_calling_model": True, **changed})


def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return QUESTIONS["temperature"]


model = connect()
embedding = OpenAILikeEmbedding(model_name=QUESTIONS["embeddingModel"], **GATEWAY)
structured = model.as_structured_llm(Forecast)
hello = [ChatMessage(QUESTIONS["hello"])]
# A structured answer is a call of a tool, which LlamaIndex forces where it does not stream.
forecast = [ChatMessage("Use Forecast.")]


def chat(**more):
    return model.chat(hello, **more).message.content


async def take_tool_turn(streaming):
    agent = FunctionAgent(tools=[get_weather], llm=model, streaming=streaming)
    running = agent.run(QUESTIONS["weather"])
    said = [e.delta async for e in running.stream_events() if isinstance(e, AgentStream)]
    answer = str(await running)
    return "".join(said) if streaming else answer


def forced_tool():
    called = model.chat_with_tools(
        [FunctionTool.from_defaults(get_weather)],
        user_msg=QUESTIONS["noTool"],
        tool_choice="get_weather",
    )
    return model.get_tool_calls_from_response(called)[0].tool_name


def image():
    block = ImageBlock(image=base64.b64decode(QUESTIONS["image"]))
    return model.chat([ChatMessage(role="user", blocks=[block])]).message.content


report(
    {
        "chat": chat,
        "stream": lambda: "".join(chunk.delta or "" for chunk in model.stream_chat(hello)),
        "toolTurn": lambda: asyncio.run(take_tool_turn(streaming=False)),
        "streamedToolTurn": lambda: asyncio.run(take_tool_turn(streaming=True)),
        "forcedTool": forced_tool,
        "schema": lambda: structured.chat(hello).raw.model_dump(),
        "streamedSchema": lambda: list(structured.stream_chat(forecast))[-1].raw.model_dump(),
        "image": image,
        "stop": lambda: chat(stop=[QUESTIONS["stop"]]),
        "embeddings": lambda: [len(v) for v in embedding.get_text_embedding_batch(["one", "two"])],
        "unknownModel": lambda: connect(model=QUESTIONS["unknownModel"]).chat(hello),
        "wrongKey": lambda: connect(api_key="sk-wrong").chat(hello),
    }
)
