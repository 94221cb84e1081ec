from langchain.agents import create_agent
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from questions import QUESTIONS, Forecast
from report import report

# Both read OPENAI_BASE_URL and OPENAI_API_KEY.
model = ChatOpenAI(model=QUESTIONS["model"])
embeddings = OpenAIEmbeddings(
    model=QUESTIONS["embeddingModel"], check_embedding_ctx_length=False
)


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return QUESTIONS["temperature"]


HELLO = QUESTIONS["hello"]
WEATHER = {"messages": [HumanMessage(QUESTIONS["weather"])]}
agent = create_agent(model, [get_weather])
structured = model.with_structured_output(Forecast)


def join(chunks):
    return "".join(chunk.text for chunk in chunks)


def streamed_tool_turn():
    """What the model says while the agent goes on; what a tool says stands in messages of another node."""
    chunks = agent.stream(WEATHER, stream_mode="messages")
    return join(chunk for chunk, about in chunks if about["langgraph_node"] == "model")


def forced_tool():
    forced = model.bind_tools([get_weather], tool_choice="get_weather")
    return forced.invoke(QUESTIONS["noTool"]).tool_calls[0]["name"]


def image():
    block = {"type": "image", "base64": QUESTIONS["image"], "mime_type": "image/png"}
    return model.invoke([HumanMessage([block])]).text


report(
    {
        "chat": lambda: model.invoke(HELLO).text,
        "stream": lambda: join(model.stream(HELLO)),
        "toolTurn": lambda: agent.invoke(WEATHER)["messages"][-1].text,
        "streamedToolTurn": streamed_tool_turn,
        "forcedTool": forced_tool,
        "schema": lambda: structured.invoke(HELLO).model_dump(),
        "streamedSchema": lambda: list(structured.stream(HELLO))[-1].model_dump(),
        "image": image,
        "stop": lambda: model.invoke(HELLO, stop=[QUESTIONS["stop"]]).text,
        "embeddings": lambda: [len(v) for v in embeddings.embed_documents(["one", "two"])],
        "unknownModel": lambda: ChatOpenAI(model=QUESTIONS["unknownModel"]).invoke(HELLO),
        "wrongKey": lambda: ChatOpenAI(
            model=QUESTIONS["model"], api_key="sk-wrong"
        ).invoke(HELLO),
    }
)
