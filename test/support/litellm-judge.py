"""What LiteLLM itself makes of configs: for each path on stdin one line of JSON
on stdout, with the reason where it does not start. Every config gets a process
of its own, forked after LiteLLM's imports, so that none sees another's settings."""

import asyncio
import json
import os
import sys
import traceback

from litellm.proxy import proxy_server


async def start(path: str) -> None:
    os.environ["CONFIG_FILE_PATH"] = path
    async with proxy_server.proxy_startup_event(proxy_server.app):
        pass


def judge(path: str, answer: int) -> None:
    # What LiteLLM prints is not the answer.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        asyncio.run(start(path))
        reason = None
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {error} ({where.name})"
    os.write(answer, json.dumps(reason).encode())
    os._exit(0)


for line in sys.stdin:
    path = line.rstrip("\n")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        judge(path, write)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    print(text or '"ended without a word"', flush=True)
