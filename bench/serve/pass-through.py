"""The least that a gateway does: checks a key, asks Gemini, turns its answer into
a chat completion. Arguments: port, Gemini's URL for the call. The token and the
key come by the environment."""

import os
import sys

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

PORT, URL = int(sys.argv[1]), sys.argv[2]
TOKEN, KEY = os.environ["GEMINI_TOKEN"], os.environ["GATEWAY_KEY"]

client = httpx.AsyncClient(
    timeout=60, limits=httpx.Limits(max_connections=None), trust_env=False
)


async def complete(request: Request) -> JSONResponse:
    if request.headers.get("authorization") != f"Bearer {KEY}":
        return JSONResponse({"error": {"message": "no key"}}, 401)
    asked = await request.json()
    contents = [
        {"role": "user", "parts": [{"text": message["content"]}]}
        for message in asked["messages"]
    ]
    answer = await client.post(
        URL,
        json={"contents": contents},
        headers={"authorization": f"Bearer {TOKEN}"},
    )
    answer.raise_for_status()
    text = answer.json()["candidates"][0]["content"]["parts"][0]["text"]
    message = {"role": "assistant", "content": text}
    return JSONResponse({"choices": [{"index": 0, "message": message}]})


async def ready(_: Request) -> JSONResponse:
    return JSONResponse({})


routes = [
    Route("/v1/chat/completions", complete, methods=["POST"]),
    Route("/ready", ready),
]
uvicorn.run(Starlette(routes=routes), port=PORT, log_level="error")
