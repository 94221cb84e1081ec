/** What Cloud Deploy takes where a release does not say. */
export const DEFAULT_SKAFFOLD = "2.16";

/** No real date: a version never goes out of support here, and gcloud needs to read one. */
const NEVER = "2100-01-01T00:00:00Z";

/** The versions of Skaffold that a release may ask for, as Cloud Deploy v1 shows them. */
export const SKAFFOLD_VERSIONS = [DEFAULT_SKAFFOLD, "2.14"].map((version) => ({
  version,
  maintenanceModeTime: NEVER,
  supportExpirationTime: NEVER,
}));

/** The condition of a release about its version of Skaffold. */
export const SKAFFOLD_SUPPORTED = {
  status: true,
  skaffoldSupportState: "SKAFFOLD_SUPPORT_STATE_SUPPORTED",
  maintenanceModeTime: NEVER,
  supportExpirationTime: NEVER,
};
