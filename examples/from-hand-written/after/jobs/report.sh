#!/bin/sh
# The job of this sample: what it reports on is made up.
set -eu
echo "report: revenue of yesterday in ${REPORT_CURRENCY:?is not set}"
echo "report: done"
