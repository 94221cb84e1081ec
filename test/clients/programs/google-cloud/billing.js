import { CloudBillingClient } from "@google-cloud/billing";
import { PARENT, attempt, connect } from "./calls.js";

export async function tryBilling() {
  const client = connect(CloudBillingClient);
  await attempt("billing.get", async () => {
    const [info] = await client.getProjectBillingInfo({ name: PARENT });
    return info.billingEnabled;
  });
}
