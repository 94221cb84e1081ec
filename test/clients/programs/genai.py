import base64
import json
import os

from google import genai
from google.genai import types
from questions import QUESTIONS, Forecast
from report import report

# Of its own accord it asks for v1 since 3.0, where LiteLLM has no such route.
GATEWAY = types.HttpOptions(
    base_url=os.environ["GOOGLE_GEMINI_BASE_URL"], api_version="v1beta"
)
client = genai.Client(api_key=os.environ["GEMINI_API_KEY"], http_options=GATEWAY)


def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return QUESTIONS["temperature"]


def ask(contents=QUESTIONS["hello"], model=QUESTIONS["model"], **config):
    """The SDK calls a function that it is given, and goes on with what it returns."""
    return {"model": model, "contents": contents, "config": config}


def whole(**asked):
    return client.models.generate_content(**ask(**asked))


def streamed(**asked):
    chunks = client.models.generate_content_stream(**ask(**asked))
    return "".join(chunk.text or "" for chunk in chunks)


WEATHER = {"contents": QUESTIONS["weather"], "tools": [get_weather]}
FORECAST = {"response_mime_type": "application/json", "response_schema": Forecast}


def forced_tool():
    answer = whole(
        contents=QUESTIONS["noTool"],
        tools=[get_weather],
        tool_config={"function_calling_config": {"mode": "ANY"}},
        automatic_function_calling={"disable": True},
    )
    return answer.function_calls[0].name


def image():
    data = base64.b64decode(QUESTIONS["image"])
    return whole(contents=[types.Part.from_bytes(data=data, mime_type="image/png")]).text


def wrong_key():
    stranger = genai.Client(api_key="sk-wrong", http_options=GATEWAY)
    return stranger.models.generate_content(**ask())


report(
    {
        "chat": lambda: whole().text,
        "stream": streamed,
        "toolTurn": lambda: whole(**WEATHER).text,
        "streamedToolTurn": lambda: streamed(**WEATHER),
        "forcedTool": forced_tool,
        "schema": lambda: whole(**FORECAST).parsed.model_dump(),
        "streamedSchema": lambda: json.loads(streamed(**FORECAST)),
        "image": image,
        "stop": lambda: whole(stop_sequences=[QUESTIONS["stop"]]).text,
        "tokens": lambda: client.models.count_tokens(
            model=QUESTIONS["model"], contents=QUESTIONS["hello"]
        ).total_tokens,
        "unknownModel": lambda: whole(model=QUESTIONS["unknownModel"]),
        "wrongKey": wrong_key,
    }
)
