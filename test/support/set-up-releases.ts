import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { pushImage } from "../../emulator/apis/artifact-registry/push-image.ts";
import type { ImageContent } from "../../emulator/apis/artifact-registry/state.ts";
import { DEVELOPER } from "../../emulator/emulator.ts";
import { resolveImage } from "../../emulator/machine/runtime/images.ts";
import type { Finished, TestEmulator } from "./emulator.ts";
import { expectDone } from "./expect-done.ts";
import { findService } from "./services.ts";
import { startThreeStages } from "./three-stages.ts";
import type { Workspace } from "./workspace.ts";

const IMAGES = "us-central1-docker.pkg.dev/demo-litellm/litellm";
const COMMIT_SHA = "0123456789abcdef0123456789abcdef01234567";

/** The name of that commit's release. */
export const FIRST = "r-0123456789ab";

/** A tools image that verifies in no time, where the point is another. */
export const QUICK = `${IMAGES}/tools:quick`;
const SCRIPT = fileURLToPath(new URL("./verify-container.ts", import.meta.url));

/** A pipeline that is set up: dev in one project, two prod regions in another. */
export interface Releases {
  emulator: TestEmulator;
  workspace: Workspace;
  run(script: string, ...args: string[]): Promise<Finished>;
  /** A run that must succeed. */
  succeed(script: string, ...args: string[]): Promise<Finished>;
  /** The result of a run that must succeed. */
  json(script: string, ...args: string[]): Promise<Record<string, unknown>>;
  pushTools(): void;
  /** Releases are verified by this image from now on. */
  verifyWith(toolsImage: string): void;
  /** `PERCENT RELEASE KEY`, of what a service's traffic goes to. */
  inDev(): string[];
  inProd(region: string): string[];
  close(): Promise<void>;
}

export async function setUpReleases(): Promise<Releases> {
  const { emulator, workspace } = await startThreeStages({
    longestWait: 100,
    scripts: { [QUICK]: SCRIPT },
  });
  let toolsImage = "";

  const tools = (): ImageContent => ({
    kind: "tools",
    directory: workspace.directory,
  });
  const push = (name: string, digest: string): void => {
    const image = { digest, content: tools() };
    pushImage(emulator.cloud, DEVELOPER, `${IMAGES}/${name}`, image);
  };
  const run = (script: string, ...args: string[]): Promise<Finished> => {
    const env = { COMMIT_SHA, TOOLS_IMAGE: toolsImage };
    return workspace.script(script, args, { env });
  };
  const succeed = async (
    script: string,
    ...args: string[]
  ): Promise<Finished> => {
    const finished = await run(script, ...args);
    expectDone(finished);
    return finished;
  };
  await succeed("setup.ts");
  const [, quick = ""] = resolveImage(QUICK, {
    [QUICK]: "",
  }).withDigest.split("@");
  push("tools:quick", quick);

  return {
    emulator,
    workspace,
    run,
    succeed,
    async json(script, ...args) {
      const { stdout } = await succeed(script, ...args, "--json");
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    pushTools() {
      push("tools:latest", `sha256:${randomBytes(32).toString("hex")}`);
    },
    verifyWith(image) {
      toolsImage = image;
    },
    inDev: () => serving(emulator, "demo-litellm", "us-central1/litellm-proxy"),
    inProd: (region) =>
      serving(emulator, "demo-prod", `${region}/litellm-proxy-prod`),
    async close() {
      await emulator.close();
      await workspace.remove();
    },
  };
}

function serving(
  { cloud }: TestEmulator,
  projectId: string,
  name: string,
): string[] {
  const service = findService({ cloud, projectId }, name);
  return (service?.serving ?? []).map(({ revisionName, percent = 0 }) => {
    const template = service?.revisions.get(revisionName)?.template;
    const [container] = template?.spec.containers ?? [];
    const key = container?.env?.find((e) => e.name === "LITELLM_MASTER_KEY");
    return [
      percent,
      template?.metadata.labels["release-id"],
      key?.valueFrom?.secretKeyRef?.key,
    ].join(" ");
  });
}
