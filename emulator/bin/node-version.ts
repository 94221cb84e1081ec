// Imported first: on an older Node the packages fail with words that do not help.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `error: this is Node ${process.versions.node}; the rehearsal needs Node 22.12 or newer.
  On Linux, "npm ci" installs one into node_modules, and "npm …" runs it.
  Elsewhere, install it from https://nodejs.org
`,
  );
  // eslint-disable-next-line no-restricted-properties -- before anything else is loaded
  process.exit(2);
}
