# One image for every process: `docker run` alone is "npm start" with the built-in PostgreSQL in /data;
# compose.yaml shows web and worker processes beside a PostgreSQL of its own.
FROM node:24-bookworm-slim AS build
WORKDIR /dumont
# What npm ci needs, by itself, so that a change of the sources does not install everything again.
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
COPY scripts/prisma-generate.mjs ./scripts/
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /dumont
COPY --from=build --chown=node:node /dumont ./
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production DATA_DIR=/data PORT=3000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=60s --interval=15s --timeout=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Without npm in between, so that the signal to stop arrives where it is understood.
ENTRYPOINT ["node_modules/.bin/node", "--import", "tsx"]
CMD ["scripts/start.ts"]
