# One image for gateway and worker. Not yet checked on a Docker engine; separate, smaller images follow.
FROM debian:trixie-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git nodejs npm \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /facehash
COPY . .
RUN npm run setup && rm -rf /var/lib/apt/lists/*

RUN ln -s /facehash/apps/cli/bin/facehash.mjs /usr/local/bin/facehash \
  && useradd --system facehash && mkdir /storage && chown facehash /storage
USER facehash

# libuv reads the first before our first line runs; without the second opencv4nodejs may end the process.
ENV UV_THREADPOOL_SIZE=6 OPENCV4NODEJS_DISABLE_EXTERNAL_MEM_TRACKING=1
CMD ["node", "apps/gateway/dist/main.js"]
