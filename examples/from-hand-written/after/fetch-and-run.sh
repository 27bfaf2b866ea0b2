#!/bin/sh
# Runs the script of the job, which lies in S3, if it is the one that was released.
set -eu
aws s3 cp --only-show-errors "$BATCH_FILE_S3_URL" /tmp/job.sh
echo "$BATCH_FILE_SHA256  /tmp/job.sh" | sha256sum --check --quiet
exec sh /tmp/job.sh "$@"
