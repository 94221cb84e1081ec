from google.cloud import run_v2

from .calls import LOCATION, attempt, connect, grant, last


def try_cloud_run():
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
