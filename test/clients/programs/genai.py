import json
import os

from google import genai
from google.genai import types

client = genai.Client(
    api_key=os.environ["GEMINI_API_KEY"],
    http_options=types.HttpOptions(
        base_url=os.environ["GOOGLE_GEMINI_BASE_URL"],
        # Of its own accord it asks for v1 since 3.0, where LiteLLM has no such route.
        api_version="v1beta",
    ),
)
MODEL = "gemini-3.5-flash"
TOOL = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="get_weather",
            parameters_json_schema={
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        )
    ]
)

whole = client.models.generate_content(model=MODEL, contents="Say hello.")
stream = client.models.generate_content_stream(model=MODEL, contents="Say hello.")
streamed = "".join(chunk.text or "" for chunk in stream)
called = client.models.generate_content(
    model=MODEL,
    contents='Call get_weather with {"city": "Rome"}.',
    config=types.GenerateContentConfig(tools=[TOOL]),
)
count = client.models.count_tokens(model=MODEL, contents="Hello.")
print(
    json.dumps(
        {
            "chat": whole.text,
            "streamed": streamed,
            "tool": json.dumps(called.function_calls[0].args),
            "tokens": count.total_tokens,
        }
    )
)
