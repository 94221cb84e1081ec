from google.cloud import resourcemanager_v3 as projects

from .calls import PARENT, PROJECT, attempt, connect, grant


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
