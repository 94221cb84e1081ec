"""Google's Python clients over REST: each call's outcome by its name, as JSON."""

import json
import os
import subprocess
import sys

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import artifactregistry_v1 as artifacts
from google.cloud import billing_v1 as billing
from google.cloud import deploy_v1 as deploy
from google.cloud import logging, run_v2, storage
from google.cloud import resourcemanager_v3 as projects
from google.cloud import secretmanager_v1 as secrets
from google.cloud import service_usage_v1 as usage
from google.cloud.devtools import cloudbuild_v1 as builds
from google.cloud.iam_credentials_v1 import IAMCredentialsClient
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build as discover
from googleapiclient.errors import HttpError
from httplib2 import Http

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


def try_service_usage():
    client = connect(usage.ServiceUsageClient, "serviceusage")
    needed = ["artifactregistry", "cloudbuild", "clouddeploy", "cloudresourcemanager"]
    needed += ["cloudbilling", "iam", "iamcredentials", "logging", "run", "secretmanager"]
    ids = [f"{name}.googleapis.com" for name in needed]
    attempt(
        "serviceusage.batch_enable",
        lambda: len(
            client.batch_enable_services(request={"parent": PARENT, "service_ids": ids})
            .result()
            .services
        ),
    )
    run = f"{PARENT}/services/run.googleapis.com"
    attempt("serviceusage.get", lambda: client.get_service(request={"name": run}).state.name)
    enabled = {"parent": PARENT, "filter": "state:ENABLED", "page_size": 3}
    attempt(
        "serviceusage.list",
        lambda: set(ids) <= {s.config.name for s in client.list_services(request=enabled)},
    )
    gone = f"{PARENT}/services/clouddeploy.googleapis.com"
    attempt(
        "serviceusage.disable",
        lambda: client.disable_service(request={"name": gone}).result().service.state.name,
    )
    attempt(
        "serviceusage.enable",
        lambda: client.enable_service(request={"name": gone}).result().service.state.name,
    )


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


def try_resource_manager():
    client = connect(projects.ProjectsClient, "cloudresourcemanager")
    attempt("resourcemanager.get", lambda: client.get_project(name=PARENT).project_id)
    attempt(
        "resourcemanager.search",
        lambda: [p.project_id for p in client.search_projects(query=f"id:{PROJECT}")],
    )
    attempt("resourcemanager.policy", lambda: grant(client, PARENT, "roles/aiplatform.user"))
    attempt(
        "resourcemanager.test_iam_permissions",
        lambda: list(
            client.test_iam_permissions(
                resource=PARENT, permissions=["run.services.get"]
            ).permissions
        ),
    )
    attempt("resourcemanager.delete", lambda: client.delete_project(name=PARENT).result())


def try_secret_manager():
    client = connect(secrets.SecretManagerServiceClient, "secretmanager")
    name = f"{PARENT}/secrets/s-1"
    for number in (1, 2, 3):
        secret = {"replication": {"automatic": {}}, "labels": {"n": str(number)}}
        attempt(
            f"secretmanager.create {number}",
            lambda: last(
                client.create_secret(
                    parent=PARENT, secret_id=f"s-{number}", secret=secret
                )
            ),
        )
    attempt(
        "secretmanager.create again",
        lambda: client.create_secret(parent=PARENT, secret_id="s-1", secret=secret),
    )
    attempt("secretmanager.get", lambda: dict(client.get_secret(name=name).labels))
    paged = {"parent": PARENT, "page_size": 1}
    attempt(
        "secretmanager.list",
        lambda: sorted(last(s) for s in client.list_secrets(request=paged)),
    )
    attempt(
        "secretmanager.add_version",
        lambda: last(client.add_secret_version(parent=name, payload={"data": b"one"})),
    )
    attempt(
        "secretmanager.update",
        lambda: dict(
            client.update_secret(
                secret={"name": name, "version_aliases": {"first": 1}},
                update_mask={"paths": ["version_aliases"]},
            ).version_aliases
        ),
    )
    attempt(
        "secretmanager.access",
        lambda: client.access_secret_version(name=f"{name}/versions/first").payload.data.decode(),
    )
    attempt(
        "secretmanager.disable",
        lambda: client.disable_secret_version(name=f"{name}/versions/1").state.name,
    )
    attempt(
        "secretmanager.access disabled",
        lambda: client.access_secret_version(name=f"{name}/versions/1"),
    )
    attempt(
        "secretmanager.versions",
        lambda: [v.state.name for v in client.list_secret_versions(parent=name)],
    )
    attempt(
        "secretmanager.policy",
        lambda: grant(client, name, "roles/secretmanager.secretAccessor"),
    )
    attempt("secretmanager.delete", lambda: client.delete_secret(name=f"{PARENT}/secrets/s-3"))
    attempt("secretmanager.get deleted", lambda: client.get_secret(name=f"{PARENT}/secrets/s-3"))


def try_artifact_registry():
    client = connect(artifacts.ArtifactRegistryClient, "artifactregistry")
    repository = {"format_": "DOCKER", "description": "images"}
    for number in (1, 2):
        attempt(
            f"artifactregistry.create {number}",
            lambda: client.create_repository(
                parent=LOCATION, repository_id=f"r-{number}", repository=repository
            )
            .result()
            .format_.name,
        )
    name = f"{LOCATION}/repositories/r-1"
    attempt("artifactregistry.get", lambda: client.get_repository(name=name).description)
    paged = {"parent": LOCATION, "page_size": 1}
    attempt(
        "artifactregistry.list",
        lambda: [last(r) for r in client.list_repositories(request=paged)],
    )
    attempt(
        "artifactregistry.update",
        lambda: client.update_repository(
            repository={"name": name, "description": "other"},
            update_mask={"paths": ["description"]},
        ).description,
    )
    attempt(
        "artifactregistry.policy", lambda: grant(client, name, "roles/artifactregistry.reader")
    )
    attempt(
        "artifactregistry.images", lambda: [i.uri for i in client.list_docker_images(parent=name)]
    )
    attempt(
        "artifactregistry.delete",
        lambda: client.delete_repository(name=f"{LOCATION}/repositories/r-2").result() is not None,
    )


def try_cloud_build():
    client = connect(builds.CloudBuildClient, "cloudbuild")
    build = {
        "steps": [{"name": "gcr.io/cloud-builders/docker", "args": ["version"]}],
        "options": {
            "logging": "CLOUD_LOGGING_ONLY",
            "requested_verify_option": "NOT_VERIFIED",
            "log_streaming_option": "STREAM_OFF",
        },
        "service_account": f"{PARENT}/serviceAccounts/{ACCOUNT}",
    }
    attempt(
        "cloudbuild.create",
        lambda: client.create_build(
            request={"parent": LOCATION, "project_id": PROJECT, "build": build}
        ).metadata.build.options.logging.name,
    )
    regional = {"parent": LOCATION, "project_id": PROJECT}
    attempt(
        "cloudbuild.list",
        lambda: [b.id != "" for b in client.list_builds(request=regional)],
    )
    attempt(
        "cloudbuild.get missing",
        lambda: client.get_build(
            request={
                "name": f"{LOCATION}/builds/00000000-0000-0000-0000-000000000000",
                "project_id": PROJECT,
                "id": "00000000-0000-0000-0000-000000000000",
            }
        ),
    )
    attempt(
        "cloudbuild.triggers",
        lambda: [t.name for t in client.list_build_triggers(request=regional)],
    )
    attempt(
        "cloudbuild.worker_pools",
        lambda: [p.name for p in client.list_worker_pools(parent=LOCATION)],
    )


def try_deploy():
    client = connect(deploy.CloudDeployClient, "clouddeploy")
    target = {"run": {"location": LOCATION}, "execution_configs": [{"usages": ["RENDER", "DEPLOY"]}]}
    attempt(
        "deploy.create target",
        lambda: last(
            client.create_target(parent=LOCATION, target_id="dev", target=target).result()
        ),
    )
    pipeline = {"serial_pipeline": {"stages": [{"target_id": "dev"}]}}
    attempt(
        "deploy.create pipeline",
        lambda: last(
            client.create_delivery_pipeline(
                parent=LOCATION, delivery_pipeline_id="p", delivery_pipeline=pipeline
            ).result()
        ),
    )
    name = f"{LOCATION}/deliveryPipelines/p"
    attempt("deploy.get", lambda: client.get_target(name=f"{LOCATION}/targets/dev").run.location)
    paged = {"parent": LOCATION, "page_size": 1}
    attempt("deploy.list", lambda: [last(p) for p in client.list_delivery_pipelines(request=paged)])
    attempt(
        "deploy.update",
        lambda: client.update_target(
            target={"name": f"{LOCATION}/targets/dev", "description": "d", **target},
            update_mask={"paths": ["description"]},
        )
        .result()
        .description,
    )
    attempt("deploy.releases", lambda: [r.name for r in client.list_releases(parent=name)])
    attempt("deploy.policy", lambda: grant(client, name, "roles/clouddeploy.viewer"))
    attempt(
        "deploy.delete",
        lambda: client.delete_delivery_pipeline(name=name).result() is not None,
    )


def try_run():
    services = connect(run_v2.ServicesClient, "run")
    name = f"{LOCATION}/services/hello"
    attempt(
        "run.create",
        lambda: services.create_service(
            parent=LOCATION,
            service_id="other",
            service={"template": {"containers": [{"image": "docker.io/library/nginx"}]}},
        ).result(),
    )
    attempt("run.get", lambda: services.get_service(name=name).ingress.name)
    paged = {"parent": LOCATION, "page_size": 1}
    attempt("run.list", lambda: [last(s) for s in services.list_services(request=paged)])
    attempt(
        "run.update", lambda: services.update_service(service={"name": name}).result()
    )
    attempt("run.delete", lambda: services.delete_service(name=name).result())
    attempt(
        "run.policy",
        lambda: [b.role for b in services.get_iam_policy(request={"resource": name}).bindings],
    )
    attempt("run.set policy", lambda: grant(services, name, "roles/run.invoker"))
    revisions = connect(run_v2.RevisionsClient, "run")
    attempt("run.revisions", lambda: len(list(revisions.list_revisions(parent=name))))
    jobs = connect(run_v2.JobsClient, "run")
    attempt("run.jobs", lambda: list(jobs.list_jobs(parent=LOCATION)))


def try_storage():
    client = storage.Client(PROJECT, credentials, client_options=at("storage"))
    bucket = client.bucket(f"{PROJECT}-clients")
    attempt("storage.create", lambda: client.create_bucket(bucket, location="us-central1").name)
    attempt("storage.list", lambda: [b.name for b in client.list_buckets(page_size=1)])
    blob = bucket.blob("a/one.txt")
    attempt("storage.upload", lambda: blob.upload_from_string(b"one", if_generation_match=0))
    attempt(
        "storage.upload again",
        lambda: bucket.blob("a/one.txt").upload_from_string(b"two", if_generation_match=0),
    )
    attempt("storage.download", lambda: blob.download_as_bytes().decode())
    attempt("storage.rewrite", lambda: bucket.blob("b.txt").rewrite(blob)[1])
    attempt("storage.list objects", lambda: [b.name for b in client.list_blobs(bucket, page_size=1)])
    attempt("storage.rename", lambda: bucket.rename_blob(bucket.blob("b.txt"), "c.txt").name)
    attempt("storage.update", lambda: set_labels(bucket))
    attempt("storage.policy", lambda: grant_bucket(bucket))
    attempt("storage.delete object", lambda: [blob.delete(), bucket.blob("c.txt").delete()])
    attempt("storage.delete", lambda: bucket.delete())


def set_labels(bucket):
    bucket.labels = {"team": "a"}
    bucket.patch()
    bucket.reload()
    return bucket.labels


def grant_bucket(bucket):
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": "roles/storage.objectViewer", "members": {MEMBER}})
    bucket.set_iam_policy(policy)
    after = bucket.get_iam_policy(requested_policy_version=3)
    return [b["role"] for b in after.bindings if MEMBER in b["members"]]


def try_logging():
    client = logging.Client(
        project=PROJECT, credentials=credentials, client_options=at("logging"), _use_grpc=False
    )
    attempt("logging.list", lambda: isinstance(list(client.list_entries(page_size=5)), list))
    attempt("logging.write", lambda: client.logger("l").log_text("hello"))
    attempt("logging.sinks", lambda: [s.name for s in client.list_sinks()])


def try_billing():
    client = connect(billing.CloudBillingClient, "cloudbilling")
    attempt(
        "billing.get",
        lambda: client.get_project_billing_info(name=PARENT).billing_enabled,
    )
    attempt("billing.accounts", lambda: len(list(client.list_billing_accounts())))


for api in (
    try_service_usage,
    try_iam,
    try_resource_manager,
    try_secret_manager,
    try_artifact_registry,
    try_cloud_build,
    try_deploy,
    try_run,
    try_storage,
    try_logging,
    try_billing,
):
    api()
json.dump(outcomes, sys.stdout)
