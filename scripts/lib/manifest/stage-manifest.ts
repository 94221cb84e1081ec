import { type Document, Scalar } from "yaml";
import type { Service } from "./knative.ts";
import { MODE } from "./mode-mark.ts";
import { type ManifestInput, fillIn, openManifest } from "./render-manifest.ts";

/** On a revision that Cloud Deploy made: when its release was made, ISO 8601. */
export const RELEASED = "litellm-cloudrun-released";

/** What Cloud Deploy fills in itself: parameters of a release, alike for every stage. */
const RELEASE_PARAMETERS = ["image", "configVersion", "released"];

/**
 * The manifest of one stage, for Cloud Deploy to render: what the env says is
 * filled in, what the release says is left. `own`: what the service itself
 * carries there.
 */
export function stageManifest(
  text: string,
  input: ManifestInput,
  own: (desired: Service) => Pick<Service, "metadata"> = (desired) => desired,
): string {
  const document = openManifest(text, input);
  const ofEnv = Object.entries(input.parameters).filter(
    ([name]) => !RELEASE_PARAMETERS.includes(name),
  );
  fillIn(document, Object.fromEntries(ofEnv));
  const annotations = ["spec", "template", "metadata", "annotations"];
  document.setIn([...annotations, RELEASED], fromParameter("released"));
  document.setIn([...annotations, MODE], input.parameters.mode);
  const { metadata } = own(document.toJS() as Service);
  setMap(document, "labels", withoutDeploys(metadata.labels));
  setMap(document, "annotations", metadata.annotations);
  return document.toString({ lineWidth: 0 });
}

/** A text that Cloud Deploy puts a parameter in the place of. */
function fromParameter(name: string): Scalar {
  const value = new Scalar("unset");
  value.type = Scalar.QUOTE_DOUBLE;
  value.comment = ` from-param: \${${name}}`;
  return value;
}

/** What Cloud Deploy puts on all that it deploys; published render logs show these. */
const DEPLOYS_LABELS = [
  "delivery-pipeline-id",
  "location",
  "managed-by",
  "project-id",
  "release-id",
  "target-id",
];

/** `labels`: null where the manifest has the key and nothing under it. */
function withoutDeploys(
  labels: Readonly<Record<string, string>> | null | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).filter(
      ([name]) => !DEPLOYS_LABELS.includes(name),
    ),
  );
}

function setMap(
  document: Document,
  kind: "labels" | "annotations",
  map: Readonly<Record<string, string>> = {},
): void {
  const node = document.createNode(map, { flow: false });
  document.setIn(["metadata", kind], node);
}
