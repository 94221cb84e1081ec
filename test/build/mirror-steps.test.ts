import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readBuildFile } from "./build-file.ts";

const { steps } = readBuildFile("cloudbuild.mirror.yaml");
const digest = `sha256:${"b".repeat(64)}`;
const mirror = "us-central1-docker.pkg.dev/p/litellm/litellm:v1";

/** Stands for docker, and for sleep: writes down what it was told, and answers for the registry. */
const TOOL = `#!/bin/bash
echo "$(basename "$0") $*" >> "$LOG"
# Docker Hub's limit: every second call.
refuse() { [ -n "$LIMITED" ] && [ $(($(grep -c -e pull -e ' digest ' "$LOG") % 2)) = 1 ]; }
[ "$1" = build ] && cat >> "$LOG"
[[ "$*" == *" digest "* ]] && { refuse && exit 1; echo ${digest}; exit 0; }
[ "$1" = pull ] && { refuse && exit 1; exit 0; }
[ "$1" = run ] || exit 0
[[ "$*" == *"$SIGNED"* ]]
`;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "litellm-cloudrun-test-"));
  for (const tool of ["docker", "sleep"]) {
    await writeFile(path.join(directory, tool), TOOL);
    await chmod(path.join(directory, tool), 0o755);
  }
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs the steps as Cloud Build does, up to the first that fails; what they told docker. */
async function runMirror(values: {
  image?: string;
  warm?: boolean;
  limited?: boolean;
  /** What a signature must be asked for to be good. */
  signed: string;
}): Promise<{ failed: string | undefined; commands: string[] }> {
  const { image = "docker.io/litellm/litellm:v1", warm = false } = values;
  const log = path.join(directory, "log");
  const fill = (text: string): string =>
    text
      .replaceAll("$_IMAGE", image)
      .replaceAll(/\$_MIRROR|\$\{_MIRROR\}/g, mirror)
      .replaceAll("$_WARM", String(warm))
      .replaceAll("$$", "$")
      .replaceAll("/workspace/", `${directory}/`);
  const env = {
    PATH: `${directory}:${process.env.PATH ?? ""}`,
    LOG: log,
    SIGNED: values.signed,
    LIMITED: values.limited === true ? "yes" : "",
  };
  let failed: string | undefined;
  for (const { id, entrypoint = "", args } of steps) {
    if (spawnSync(entrypoint, args.map(fill), { env }).status === 0) continue;
    failed = id;
    break;
  }
  const text = await readFile(log, "utf8");
  return { failed, commands: text.trimEnd().split("\n") };
}

function copying(image: string): string[] {
  return [
    `docker pull ${image}`,
    `docker tag ${image} ${mirror}`,
    `docker push ${mirror}`,
  ];
}

describe("cloudbuild.mirror.yaml", () => {
  test("copies exactly the digest whose signature was good", async () => {
    const { failed, commands } = await runMirror({
      signed: "project-releaser",
    });
    expect(failed).toBeUndefined();
    const pinned = `docker.io/litellm/litellm:v1@${digest}`;
    expect(commands[0]).toMatch(
      /^docker run --rm gcr.io\/go-containerregistry\/crane@\S+ digest docker.io\/litellm\/litellm:v1$/,
    );
    expect(commands[1]).toMatch(
      /^docker run --rm gcr.io\/projectsigstore\/cosign@\S+ verify --certificate-identity=/,
    );
    expect(commands[1]).toMatch(new RegExp(` ${pinned}$`));
    expect(commands.slice(2)).toEqual(copying(pinned));
  });

  test.each([
    ["the key of 24 October 2026", "e82a3c646908ba0a6ee0beddc4310d7a6cac4065"],
    ["the key before it", "0112e53046018d726492c814b3644b7d376029d0"],
    ["the name on ghcr.io", `ghcr.io/berriai/litellm:v1@${digest}`],
  ])("takes a signature by %s", async (_, signed) => {
    const { failed, commands } = await runMirror({ signed });
    expect(failed).toBeUndefined();
    expect(commands.at(-4)).toContain(signed);
    expect(commands.at(-1)).toMatch(/^docker push/);
  });

  test("copies nothing that LiteLLM did not sign", async () => {
    const { failed, commands } = await runMirror({ signed: "by nobody" });
    expect(failed).toBe("verify");
    expect(commands.filter((c) => !c.startsWith("docker run"))).toEqual([]);
  });

  test("keeps to the digest that IMAGE names", async () => {
    const image = `docker.io/litellm/litellm:v1@${digest}`;
    const { commands } = await runMirror({ image, signed: image });
    expect(commands.slice(-3)).toEqual(copying(image));
  });

  test("waits where Docker Hub refuses a pull for now", async () => {
    const { failed, commands } = await runMirror({
      limited: true,
      signed: "project-releaser",
    });
    expect(failed).toBeUndefined();
    expect(commands.filter((c) => c.startsWith("sleep"))).toEqual([
      "sleep 30",
      "sleep 30",
    ]);
    expect(commands.at(-1)).toBe(`docker push ${mirror}`);
  });

  test("adds a layer with compiled bytecode to a mirror of its own", async () => {
    const { failed, commands } = await runMirror({
      warm: true,
      signed: "project-releaser",
    });
    expect(failed).toBeUndefined();
    expect(commands.slice(-4)).toEqual([
      `docker build --tag=${mirror}-warm -`,
      `FROM ${mirror}`,
      expect.stringMatching(/^RUN cd \/app\/\.venv && .* compileall /),
      `docker push ${mirror}-warm`,
    ]);
  });
});
