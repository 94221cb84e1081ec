from anthropic import Anthropic, beta_tool
from questions import QUESTIONS, Forecast
from report import report

# ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN lead to the gateway.
client = Anthropic()


@beta_tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return QUESTIONS["temperature"]


def ask(content, **more):
    messages = [{"role": "user", "content": content}]
    return {"model": QUESTIONS["model"], "max_tokens": 500, "messages": messages, **more}


def text_of(message):
    return next(block.text for block in message.content if block.type == "text")


HELLO = ask(QUESTIONS["hello"])
# Of its own accord the runner sends only what is new, to a thread that LiteLLM does not keep.
WEATHER = ask(QUESTIONS["weather"], tools=[get_weather], thread=False)


def chat(**more):
    return text_of(client.messages.create(**{**HELLO, **more}))


def stream():
    with client.messages.stream(**HELLO) as streamed:
        return streamed.get_final_text()


def streamed_tool_turn():
    runner = client.beta.messages.tool_runner(**WEATHER, stream=True)
    for streamed in runner:
        message = streamed.get_final_message()
    return text_of(message)


def forced_tool():
    message = client.messages.create(
        **ask(QUESTIONS["noTool"]),
        tools=[get_weather.to_dict()],
        tool_choice={"type": "tool", "name": "get_weather"},
    )
    return next(block.name for block in message.content if block.type == "tool_use")


def streamed_schema():
    with client.messages.stream(**HELLO, output_format=Forecast) as streamed:
        return streamed.get_final_message().parsed_output.model_dump()


def image():
    source = {"type": "base64", "media_type": "image/png", "data": QUESTIONS["image"]}
    return text_of(client.messages.create(**ask([{"type": "image", "source": source}])))


def tokens():
    counted = {name: HELLO[name] for name in ("model", "messages")}
    return client.messages.count_tokens(**counted).input_tokens


report(
    {
        "chat": chat,
        "stream": stream,
        "toolTurn": lambda: text_of(client.beta.messages.tool_runner(**WEATHER).until_done()),
        "streamedToolTurn": streamed_tool_turn,
        "forcedTool": forced_tool,
        "schema": lambda: client.messages.parse(
            **HELLO, output_format=Forecast
        ).parsed_output.model_dump(),
        "streamedSchema": streamed_schema,
        "image": image,
        "stop": lambda: chat(stop_sequences=[QUESTIONS["stop"]]),
        "tokens": tokens,
        "unknownModel": lambda: chat(model=QUESTIONS["unknownModel"]),
        "wrongKey": lambda: Anthropic(auth_token="sk-wrong").messages.create(**HELLO),
    }
)
