#!/bin/sh
# Runs the script of the job, which lies in S3.
set -eu
aws s3 cp --only-show-errors "$BATCH_FILE_S3_URL" /tmp/job.sh
exec sh /tmp/job.sh "$@"
