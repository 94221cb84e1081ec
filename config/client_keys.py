"""Client keys: with CLIENT_KEYS=true LiteLLM asks `authenticate` who a caller is.

It lies beside the config in the service, and LiteLLM loads it by custom_auth.
A caller with a client key may call models and nothing else. Any other key goes
to LiteLLM's own check, so the master key works as it does without this file.

The hashes of the keys are a file of a secret volume. Cloud Run fetches it from
Secret Manager whenever it is read, so a key that is added or removed
(scripts/keys.ts) needs no new revision.
"""

import asyncio
import hashlib
import hmac
import json
import os
import time
from dataclasses import dataclass

import litellm
from litellm.proxy._types import LitellmUserRoles, ProxyException, UserAPIKeyAuth

# Beside the directory of this file: /client-keys/client-keys.json.
FILE = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
    "client-keys",
    "client-keys.json",
)
# The list is read again when it is older; a removed key works that long.
REREAD_SECONDS = 30
# A reading that takes longer has failed.
READING_SECONDS = 5
# Where reading fails, the list that was read last holds that long.
HOLDS_SECONDS = 3600

# What clients call, each with what stands below it; a client key is refused
# elsewhere. Everything here names a model, which LiteLLM holds against the key's
# own list. Neither what administers the gateway is here, nor what passes a
# provider's own API through.
ROUTES = [
    prefix + route
    for prefix in ("", "/v1")
    for route in (
        "/models",
        "/chat/completions",
        "/completions",
        "/responses",
        "/embeddings",
        "/images/generations",
        "/images/edits",
        "/audio/speech",
        "/audio/transcriptions",
        "/rerank",
    )
] + ["/v1/messages", "/v1beta/models"]

# LiteLLM holds the model of a request against the key's list only then.
litellm.enable_post_custom_auth_checks = True


@dataclass(frozen=True)
class ClientKey:
    name: str
    sha256: str
    models: tuple[str, ...]
    requests_per_minute: int | None

    @property
    def id(self):
        return self.sha256[:12]


def read_keys():
    with open(FILE, encoding="utf-8") as file:
        keys = json.load(file)["keys"]
    return tuple(
        ClientKey(
            name=key["name"],
            sha256=key["sha256"],
            models=tuple(key.get("models", ())),
            requests_per_minute=key.get("requestsPerMinute"),
        )
        for key in keys
    )


class KeyList:
    """Read at the start: an instance that cannot read it does not start."""

    def __init__(self):
        self.keys = read_keys()
        self.read_at = self.tried_at = time.monotonic()
        self.lock = asyncio.Lock()

    async def find(self, api_key):
        await self.refresh()
        sha256 = hashlib.sha256(api_key.encode()).hexdigest()
        found = None
        for key in self.keys:
            if hmac.compare_digest(key.sha256, sha256):
                found = key
        if found and time.monotonic() - self.read_at > HOLDS_SECONDS:
            raise ProxyException(
                message="The list of client keys cannot be read. Try again later.",
                type="auth_error",
                param=None,
                code=503,
            )
        return found

    async def refresh(self):
        async with self.lock:
            if time.monotonic() - self.tried_at < REREAD_SECONDS:
                return
            started_at = time.monotonic()
            try:
                reading = asyncio.to_thread(read_keys)
                self.keys = await asyncio.wait_for(reading, READING_SECONDS)
                self.read_at = started_at
            except Exception as error:
                age = round(started_at - self.read_at)
                log(
                    "ERROR",
                    f"client keys: reading {FILE} failed ({error!r}); the list of"
                    f" {age} s ago holds until it is {HOLDS_SECONDS} s old",
                )
            self.tried_at = time.monotonic()


KEYS = KeyList()


async def authenticate(request, api_key):
    """None: LiteLLM's own check decides. Its package litellm_enterprise takes that
    for an answer, which the image and litellm[proxy] have; without it the master key
    would be refused, and no deploy would pass its verification."""
    key = await KEYS.find(api_key) if api_key else None
    if key is None:
        return None
    path = request.url.path
    log("INFO", f"client key {key.name} ({key.id}): {request.method} {path}", request)
    if not any(path == route or path.startswith(f"{route}/") for route in ROUTES):
        raise ProxyException(
            message=f"A client key may call models, and not {path}.",
            type="auth_error",
            param=None,
            code=403,
        )
    return UserAPIKeyAuth(
        api_key=key.sha256,
        key_alias=key.name,
        user_role=LitellmUserRoles.CUSTOMER,
        # LiteLLM lets this role to some of them only where the key names them.
        allowed_routes=ROUTES,
        models=list(key.models),
        rpm_limit=key.requests_per_minute,
    )


def log(severity, message, request=None):
    """A line as Cloud Logging reads it, beside the request's own where it has one."""
    entry = {"severity": severity, "message": message}
    trace = request and request.headers.get("x-cloud-trace-context", "").split("/")[0]
    if trace:
        project = os.environ.get("PROJECT_ID", "")
        entry["logging.googleapis.com/trace"] = f"projects/{project}/traces/{trace}"
    print(json.dumps(entry), flush=True)
