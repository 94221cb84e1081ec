from google.cloud import service_usage_v1 as usage

from .calls import PARENT, attempt, connect


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
