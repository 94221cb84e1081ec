/** A builder image whose tool the emulator stands in for. */
export interface Builder {
  /** Of its command, which is also its entrypoint. */
  name: "docker" | "crane" | "cosign";
  images: RegExp;
  /** Whether there is a shell in it. */
  shell: boolean;
  /** Its image's user is root, whose the workspace is. */
  root: boolean;
}

export const BUILDERS: readonly Builder[] = [
  {
    name: "docker",
    images: /^gcr\.io\/cloud-builders\/docker(?=[:@]|$)/,
    shell: true,
    root: true,
  },
  {
    name: "crane",
    images: /^gcr\.io\/go-containerregistry\/crane(?=:debug|@)/,
    shell: true,
    root: false,
  },
  {
    name: "crane",
    images: /^gcr\.io\/go-containerregistry\/crane(?=:|$)/,
    shell: false,
    root: false,
  },
  {
    name: "cosign",
    images:
      /^(gcr\.io\/projectsigstore\/cosign|ghcr\.io\/sigstore\/cosign\/cosign)(?=[:@]|$)/,
    shell: false,
    root: false,
  },
];

export function findBuilder(image: string): Builder | undefined {
  return BUILDERS.find(({ images }) => images.test(image));
}
