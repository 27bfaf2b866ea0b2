#!/bin/sh
# The job of this sample: visits the pages of a shop's catalogue, one after the other, and says what it found. It opens no
# connection, so that it runs everywhere; put your own work in its place.
#
#   CRAWL_PAGES  how many pages (3)
#   CRAWL_PAUSE  seconds between two pages (1)
#
# Exit codes: 0 all pages visited, 64 a variable makes no sense, 75 stopped half-way: run it again.
set -eu

pages=${CRAWL_PAGES:-3}
pause=${CRAWL_PAUSE:-1}
for number in "$pages" "$pause"; do
  case $number in
    '' | *[!0-9]*)
      echo "crawl: CRAWL_PAGES and CRAWL_PAUSE must be numbers, and one is \"$number\"" >&2
      exit 64
      ;;
  esac
done

page=0
trap 'echo "crawl: stopped after $page of $pages pages" >&2; exit 75' TERM

echo "crawl: $pages pages, attempt ${AWS_BATCH_JOB_ATTEMPT:-1}"
while [ "$page" -lt "$pages" ]; do
  page=$((page + 1))
  echo "crawl: page $page of $pages: $((20 + page * 7 % 5)) products"
  sleep "$pause"
done
echo "crawl: done"
