# The acceptance suite in a container: `docker build -t vault-test . && docker run --rm vault-test`.
# How to reach the reports, and how to judge a vault from here: README.md, "In a container".
#
# The bundled MongoDB stand-in is for x64; other machines emulate it.
FROM --platform=linux/amd64 node:20-bookworm-slim

# A cache that any `--user` may write; no news about npm among the results; and no mongod downloaded by each run, which
# would lack its libraries here: for a real MongoDB set MONGODB_URI.
ENV NPM_CONFIG_CACHE=/tmp/.npm \
    NPM_CONFIG_UPDATE_NOTIFIER=false \
    MONGOMS_RUNTIME_DOWNLOAD=false

WORKDIR /app

# The dependencies are a layer of their own: it is made anew only when one of these files changes.
COPY package.json package-lock.json .npmrc ./
RUN npm ci && rm -rf "$NPM_CONFIG_CACHE"

# The suite stays root's, so that no run changes it. Any `--user` may read it, whatever the umask of the host was,
# and write the reports.
COPY . .
RUN find . -path ./node_modules -prune -o -exec chmod a+rX {} + \
    && install --directory --mode=1777 reports

USER node
CMD ["npm", "run", "bdd"]
