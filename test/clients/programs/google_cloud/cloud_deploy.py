from google.cloud import deploy_v1 as deploy

from .calls import LOCATION, attempt, connect, grant, last


def try_cloud_deploy():
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
