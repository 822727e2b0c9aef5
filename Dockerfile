# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /opt/nightdesk
COPY package.json package-lock.json ./
# The native modules bring their binaries along; their install scripts would look for a compiler.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.ts && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
# git for worktrees; tini as process 1, so that whatever a run leaves behind is reaped.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates git openssh-client procps tini \
  && rm -rf /var/lib/apt/lists/*
ARG CLAUDE_CODE_VERSION=2.1.330
RUN npm install --global --no-audit --no-fund "@anthropic-ai/claude-code@${CLAUDE_CODE_VERSION}" \
  && npm cache clean --force

WORKDIR /opt/nightdesk
COPY --from=build /opt/nightdesk/package.json ./
COPY --from=build /opt/nightdesk/node_modules ./node_modules
COPY --from=build /opt/nightdesk/dist ./dist
COPY --from=build /opt/nightdesk/migrations ./migrations
RUN ln -s /opt/nightdesk/dist/main.js /usr/local/bin/nightdesk \
  && install --directory --owner=node --group=node --mode=0700 /data

# nightdesk.yaml stands in the volume, and with it, by default, the data directory beside it.
ENV NODE_ENV=production \
    DISABLE_AUTOUPDATER=1 \
    NIGHTDESK_CONFIG=/data/nightdesk.yaml
USER node
WORKDIR /data
VOLUME ["/data"]
# In a container `web.host` is 0.0.0.0 and `web.port` stays 7433; publish it to the host's loopback.
EXPOSE 7433
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:7433/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--", "nightdesk"]
CMD ["start"]
