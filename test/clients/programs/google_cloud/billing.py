from google.cloud import billing_v1 as billing

from .calls import PARENT, attempt, connect


def try_billing():
    client = connect(billing.CloudBillingClient, "cloudbilling")
    attempt(
        "billing.get",
        lambda: client.get_project_billing_info(name=PARENT).billing_enabled,
    )
    attempt("billing.accounts", lambda: len(list(client.list_billing_accounts())))
