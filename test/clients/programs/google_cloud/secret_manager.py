from google.cloud import secretmanager_v1 as secrets

from .calls import PARENT, attempt, connect, grant, last


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
