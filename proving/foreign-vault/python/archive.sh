#!/bin/sh
# Starts the vault in its second shape, which calls its settings otherwise: PYTHON archive.sh
exec env -u PORT -u PROVIDER_BASE_URL -u PROVIDER_API_KEY -u S3_BUCKET -u MONGODB_DB \
  ARCHIVE_PORT="$PORT" ARCHIVE_PROVIDER_BASE_URL="$PROVIDER_BASE_URL" ARCHIVE_PROVIDER_API_KEY="$PROVIDER_API_KEY" \
  ARCHIVE_S3_BUCKET="$S3_BUCKET" ARCHIVE_MONGODB_DB="$MONGODB_DB" \
  "${PYTHON:-python3}" "$(dirname "$0")/vault.py" archive
