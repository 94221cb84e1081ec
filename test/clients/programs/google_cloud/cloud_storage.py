from google.cloud import storage

from .calls import MEMBER, PROJECT, at, attempt, credentials


def try_cloud_storage():
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
