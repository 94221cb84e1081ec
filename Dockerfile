# The tools image: gcloud, the pinned Node, Python, and this repository at /app.
# Cloud Build tests and releases in it (cloudbuild.yaml); Cloud Deploy verifies in it.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS node

FROM gcr.io/google.com/cloudsdktool/google-cloud-cli:562.0.0-slim@sha256:0da2de42ae51cd6092b5caf7c96d25003659fd15548760eb4c50c2623e7bf9c2

# Python is for the tests: they install the real LiteLLM.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git procps python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*

COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
  && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
  && useradd --uid 10001 --create-home tools \
  && install -d -o tools -g tools /app

# By number, so that whoever runs it can tell that it is not root.
USER 10001:10001
WORKDIR /app

# Cloud Build sets HOME to a folder that is root's.
ENV CLOUDSDK_CONFIG=/tmp/gcloud \
  CLOUDSDK_CORE_DISABLE_PROMPTS=1 \
  PIP_CACHE_DIR=/tmp/pip \
  UV_CACHE_DIR=/tmp/uv \
  npm_config_cache=/tmp/npm

# Without the workspace's own file npm ci leaves out what the emulator needs, and says nothing.
COPY --chown=10001:10001 package.json package-lock.json .npmrc ./
COPY --chown=10001:10001 emulator/package.json emulator/
RUN npm ci
COPY --chown=10001:10001 . .
