"""What LiteLLM itself makes of configs: for each line of JSON on stdin, {"config":
path, "environment": {…}}, one on stdout: {"reason": why it does not start, or null,
"left_out": the names of the deployments and guardrails that it starts without}.

Each config gets a process of its own, forked after LiteLLM's imports, so that none
sees another's settings. It runs LiteLLM's own command up to where it would listen."""

import contextlib
import gc
import json
import os
import select
import sys
import traceback
from collections import Counter
from collections.abc import Iterable

from litellm.proxy import proxy_cli, proxy_server
from litellm.proxy.guardrails import guardrail_registry

# What most configs need, once instead of in each process.
from litellm.proxy.pass_through_endpoints import llm_passthrough_endpoints  # noqa: F401

# Processes: where a Redis does not answer, LiteLLM waits for many seconds.
AT_ONCE = 24


def judge(config: str, answer: int) -> None:
    def say(reason: str | None, left_out: list[str]) -> None:
        os.write(answer, json.dumps({"reason": reason, "left_out": left_out}).encode())
        os._exit(0)

    def refuse(error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f.name for f in frames if "/site-packages/litellm/" in f.filename]
        where = (own or [frames[-1].name])[-1]
        say(f"{type(error).__name__}: {error} ({where})", [])

    @contextlib.asynccontextmanager
    async def observed(app):
        try:
            async with proxy_server.proxy_startup_event(app):
                say(None, list_left_out())
                yield
        except BaseException as error:
            refuse(error)

    proxy_server.app.router.lifespan_context = observed
    # What LiteLLM prints is not the answer.
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        proxy_cli.run_server.main(
            ["--config", config, "--host", "127.0.0.1", "--port", "0"],
            standalone_mode=False,
        )
    except BaseException as error:
        refuse(error)


def list_left_out() -> list[str]:
    """It logs a deployment or a guardrail that it cannot use, and starts without it."""
    config = proxy_server.proxy_config.config
    router = proxy_server.llm_router
    handler = guardrail_registry.IN_MEMORY_GUARDRAIL_HANDLER
    return [
        *subtract(
            names_of(config.get("model_list"), "model_name"),
            names_of(router.model_list if router else [], "model_name"),
        ),
        *subtract(
            names_of(config.get("guardrails"), "guardrail_name"),
            names_of(handler.IN_MEMORY_GUARDRAILS.values(), "guardrail_name"),
        ),
    ]


def names_of(entries: Iterable[dict] | None, key: str) -> list[str]:
    return [str(entry.get(key)) for entry in entries or []]


def subtract(wanted: list[str], found: list[str]) -> list[str]:
    return list((Counter(wanted) - Counter(found)).elements())


def begin(line: str) -> tuple[int, int]:
    """A process that judges, and where its answer can be read."""
    case = json.loads(line)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.environ.update(case["environment"])
        judge(case["config"], write)
    os.close(write)
    return read, child


def finish_one(running: dict[int, tuple[int, int]], answers: list[str]) -> None:
    for read in select.select(list(running), [], [])[0]:
        index, child = running.pop(read)
        with os.fdopen(read) as answer:
            text = answer.read()
        os.waitpid(child, 0)
        ended = json.dumps({"reason": "ended without a word", "left_out": []})
        answers[index] = text or ended


def judge_all(lines: list[str]) -> list[str]:
    running: dict[int, tuple[int, int]] = {}
    answers = [""] * len(lines)
    for index, line in enumerate(lines):
        if len(running) == AT_ONCE:
            finish_one(running, answers)
        read, child = begin(line)
        running[read] = (index, child)
    while running:
        finish_one(running, answers)
    return answers


# The processes share what is in memory by now, as long as nobody touches it.
gc.freeze()
print("\n".join(judge_all(sys.stdin.readlines())))
