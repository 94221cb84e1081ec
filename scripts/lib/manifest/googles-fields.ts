/** What Google writes itself on services and revisions. */
const GOOGLES =
  /^(serving\.knative\.dev\/|cloud\.googleapis\.com\/|client\.knative\.dev\/nonce$|run\.googleapis\.com\/(operation-id|urls|ingress-status|client-name|client-version|startupProbeType)$)/;

/** Labels or annotations without Google's own. */
export function withoutGoogles(
  map: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).filter(([name]) => !GOOGLES.test(name)),
  );
}
