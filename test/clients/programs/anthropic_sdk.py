import json

from anthropic import Anthropic

# ANTHROPIC_BASE_URL and ANTHROPIC_AUTH_TOKEN lead to the gateway.
client = Anthropic()
MODEL = "gemini-3.5-flash"
TOOL = {
    "name": "get_weather",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}


def ask(content):
    return {"model": MODEL, "messages": [{"role": "user", "content": content}]}


whole = client.messages.create(max_tokens=500, **ask("Say hello."))
with client.messages.stream(max_tokens=500, **ask("Say hello.")) as stream:
    streamed = stream.get_final_text()
called = client.messages.create(
    max_tokens=500, tools=[TOOL], **ask('Call get_weather with {"city": "Rome"}.')
)
count = client.messages.count_tokens(**ask("Say hello."))
print(
    json.dumps(
        {
            "chat": whole.content[0].text,
            "streamed": streamed,
            "tool": json.dumps(
                next(b.input for b in called.content if b.type == "tool_use")
            ),
            "tokens": count.input_tokens,
        }
    )
)
