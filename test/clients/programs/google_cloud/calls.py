"""How a client is led to the emulator, and what became of its calls."""

import subprocess

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError

PROJECT = "demo-litellm"
PARENT = f"projects/{PROJECT}"
LOCATION = f"{PARENT}/locations/us-central1"
ACCOUNT = f"reader@{PROJECT}.iam.gserviceaccount.com"
MEMBER = f"serviceAccount:{ACCOUNT}"

# Run where gcloud is led to the emulator. Plain http goes through the proxy that HTTP_PROXY names, under Google's own host names.
token = subprocess.run(
    ["gcloud", "auth", "print-access-token"], capture_output=True, check=True, text=True
).stdout.strip()
credentials = Credentials(token)


def at(api):
    return ClientOptions(api_endpoint=f"http://{api}.googleapis.com")


def connect(client, api):
    return client(credentials=credentials, client_options=at(api), transport="rest")


outcomes = {}


outcomes = {}


def attempt(name, call):
    """What the call gave, or the status and words of its refusal; the method and URL stand before the words."""
    try:
        outcomes[name] = call()
    except GoogleAPICallError as refusal:
        outcomes[name] = f"{refusal.code.value} {refusal.message.split(': ', 1)[-1]}"
    except HttpError as refusal:
        outcomes[name] = f"{refusal.status_code} {refusal.reason}"


def last(resource):
    return resource.name.rsplit("/", 1)[-1]


def grant(client, resource, role):
    """Adds a binding as a client does: reads the policy, sends it back with one more."""
    policy = client.get_iam_policy(request={"resource": resource})
    policy.bindings.add(role=role, members=[MEMBER])
    client.set_iam_policy(request={"resource": resource, "policy": policy})
    after = client.get_iam_policy(request={"resource": resource})
    return sorted(f"{b.role} {m}" for b in after.bindings for m in b.members if m == MEMBER)
