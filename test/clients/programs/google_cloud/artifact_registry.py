from google.cloud import artifactregistry_v1 as artifacts

from .calls import LOCATION, attempt, connect, grant, last


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
