from google.cloud.devtools import cloudbuild_v1 as builds

from .calls import ACCOUNT, LOCATION, PARENT, PROJECT, attempt, connect


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
