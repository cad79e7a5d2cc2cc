#!/usr/bin/env bash
# Puts the verdict of reports/conformance.json on the page of the workflow run, under the given title.
set -eu
file=reports/conformance.json
test -s "$file" || { echo "There is no $file: the suite could not judge." >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"; exit 0; }
jq --raw-output --arg title "$1" '
  "### \($title)", "", "**\(.verdict)** (MongoDB: \(.run.mongo); S3: \(.run.s3))", "",
  "| requirement | | result | a vault … |", "| --- | --- | --- | --- |",
  (.requirements[] | "| \(.id) | \(.level) | \(.result)\(if .reason then " (\(.reason))" else "" end) | \(.sentence) |"), ""
' "$file" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
