import openai
from openai import OpenAI
from pydantic import BaseModel
from questions import QUESTIONS, Forecast
from report import report

# Where the gateway is, and its key, stand in OPENAI_BASE_URL and OPENAI_API_KEY, which the SDK reads itself.
client = OpenAI()


class GetWeather(BaseModel):
    """Tells the weather of a city."""

    city: str


TOOL = openai.pydantic_function_tool(GetWeather, name="get_weather")


def ask(content, **more):
    messages = [{"role": "user", "content": content}]
    return {"model": QUESTIONS["model"], "messages": messages, **more}


HELLO = ask(QUESTIONS["hello"])


def chat(**more):
    return client.chat.completions.create(**{**HELLO, **more}).choices[0].message.content


def stream():
    chunks = client.chat.completions.create(**HELLO, stream=True)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def take_tool_turn(complete):
    """Calls what the model asks for, and lets it go on with the result."""
    asked = ask(QUESTIONS["weather"], tools=[TOOL])
    called = complete(**asked).choices[0].message
    [call] = called.tool_calls
    assert call.function.parsed_arguments == GetWeather(city="Rome")
    answered = {"role": "tool", "tool_call_id": call.id, "content": QUESTIONS["temperature"]}
    asked["messages"] += [called, answered]
    return complete(**asked).choices[0].message.content


def complete_streamed(**asked):
    with client.chat.completions.stream(**asked) as streamed:
        return streamed.get_final_completion()


def forced_tool():
    completion = client.chat.completions.create(
        **ask(QUESTIONS["noTool"], tools=[TOOL]),
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
    )
    return completion.choices[0].message.tool_calls[0].function.name


def schema(complete):
    parsed = complete(**HELLO, response_format=Forecast).choices[0].message.parsed
    return parsed.model_dump()


def image():
    url = "data:image/png;base64," + QUESTIONS["image"]
    asked = ask([{"type": "image_url", "image_url": {"url": url}}])
    return client.chat.completions.create(**asked).choices[0].message.content


def lengths(**more):
    texts = {"model": QUESTIONS["embeddingModel"], "input": ["one", "two"]}
    return [len(item.embedding) for item in client.embeddings.create(**texts, **more).data]


report(
    {
        "chat": chat,
        "stream": stream,
        "toolTurn": lambda: take_tool_turn(client.chat.completions.parse),
        "streamedToolTurn": lambda: take_tool_turn(complete_streamed),
        "forcedTool": forced_tool,
        "schema": lambda: schema(client.chat.completions.parse),
        "streamedSchema": lambda: schema(complete_streamed),
        "image": image,
        "stop": lambda: chat(stop=[QUESTIONS["stop"]]),
        "responses": lambda: client.responses.create(
            model=QUESTIONS["model"], input=QUESTIONS["hello"]
        ).output_text,
        "embeddings": lambda: lengths(encoding_format="float"),
        # Of its own accord it asks for base64, and makes numbers of it.
        "embeddingsByDefault": lengths,
        "unknownModel": lambda: chat(model=QUESTIONS["unknownModel"]),
        "wrongKey": lambda: OpenAI(api_key="sk-wrong").chat.completions.create(**HELLO),
    }
)
