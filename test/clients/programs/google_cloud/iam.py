import os

from google.api_core.client_options import ClientOptions
from google.cloud.iam_credentials_v1 import IAMCredentialsClient
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build as discover
from httplib2 import Http

from .calls import ACCOUNT, PARENT, attempt, connect, credentials


def try_iam():
    # google-cloud-iam has no REST for accounts; what this one sends with makes a tunnel of every proxy: it asks the port itself.
    port = ClientOptions(api_endpoint=os.environ["HTTP_PROXY"])
    http = AuthorizedHttp(credentials, http=Http(proxy_info=None))
    client = discover("iam", "v1", http=http, client_options=port)
    accounts = client.projects().serviceAccounts()
    name = f"{PARENT}/serviceAccounts/{ACCOUNT}"
    body = {"accountId": "reader", "serviceAccount": {"displayName": "Reader"}}
    attempt("iam.create", lambda: accounts.create(name=PARENT, body=body).execute()["email"])
    attempt("iam.get", lambda: accounts.get(name=name).execute()["displayName"])
    attempt(
        "iam.list",
        lambda: [a["email"] for a in accounts.list(name=PARENT, pageSize=1).execute()["accounts"]],
    )
    patch = {"serviceAccount": {"displayName": "Other"}, "updateMask": "displayName"}
    attempt("iam.patch", lambda: accounts.patch(name=name, body=patch).execute()["displayName"])
    attempt("iam.policy", lambda: "etag" in accounts.getIamPolicy(resource=name).execute())
    attempt("iam.keys", lambda: accounts.keys().list(name=name).execute())
    tokens = connect(IAMCredentialsClient, "iamcredentials")
    attempt(
        "iamcredentials.generate_access_token",
        lambda: tokens.generate_access_token(
            name=f"projects/-/serviceAccounts/{ACCOUNT}",
            scope=["https://www.googleapis.com/auth/cloud-platform"],
        ).access_token
        != "",
    )
