import json

from openai import OpenAI

# Where the gateway is, and its key, stand in OPENAI_BASE_URL and OPENAI_API_KEY, which the SDK reads itself.
client = OpenAI()
MODEL = "gemini-3.5-flash"
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}


def ask(content):
    return {"model": MODEL, "messages": [{"role": "user", "content": content}]}


whole = client.chat.completions.create(**ask("Say hello."))
stream = client.chat.completions.create(**ask("Say hello."), stream=True)
called = client.chat.completions.create(
    **ask('Call get_weather with {"city": "Rome"}.'),
    tools=[
        {
            "type": "function",
            "function": {"name": "get_weather", "parameters": PARAMETERS},
        }
    ],
)
# The SDK asks for base64, and makes numbers of it.
embedded = client.embeddings.create(
    model="gemini-embedding-001", input=["one", "two"]
)
response = client.responses.create(model=MODEL, input="Say hello.")
print(
    json.dumps(
        {
            "chat": whole.choices[0].message.content,
            "streamed": "".join(
                chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices
            ),
            "tool": called.choices[0].message.tool_calls[0].function.arguments,
            "vectors": [len(item.embedding) for item in embedded.data],
            "response": response.output_text,
        }
    )
)
