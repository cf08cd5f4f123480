#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh [MINUTES] [NAME...]: feeds each reader's body (tests/fuzz/NAME.cpp; all of them unless some are named) for so many minutes, 10
# unless told, one after the other, under the address and undefined-behaviour sanitizers, and prints a table. Installs what is missing.
# What was found to be of interest stays in build/fuzz/corpus/NAME; inputs that end a body stay in build/fuzz/found/NAME. Exit 1 where
# there are any.
set -eu
cd "$(dirname "$0")/.."

minutes=${1:-10}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(sed -n '/^set(bodies/,/)$/p' tests/fuzz/CMakeLists.txt | sed 's/set(bodies//; s/)//')

examples/install_packages.sh fuzz
cmake --preset fuzz >/dev/null
for name; do cmake --build --preset fuzz --target "fuzz_$name" >/dev/null; done

# The last figure behind a word in a log.
figure() { sed -n "s|.*$1 *\([0-9/A-Za-z]*\).*|\1|p" "$2" | tail -n 1; }

if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi  # a body writes each input to a file
ended=0
printf '%-16s %7s %12s %8s %7s %9s %14s %8s\n' body minutes executions /s edges features corpus found
for name; do
  corpus=build/fuzz/corpus/$name found=build/fuzz/found/$name log=build/fuzz/$name.log
  mkdir -p "$corpus" "$found"
  begin=$(date +%s)
  "build/fuzz/tests/fuzz/fuzz_$name" -max_total_time=$((minutes * 60)) -max_len=16384 -timeout=25 -malloc_limit_mb=65 -rss_limit_mb=1024 \
    -print_final_stats=1 -artifact_prefix="$found/" "$corpus" "tests/fuzz/corpus/$name" >"$log" 2>&1 || ended=1
  printf '%-16s %7.1f %12s %8s %7s %9s %14s %8s\n' "$name" "$(echo "$(($(date +%s) - begin))" | awk '{print $1 / 60}')" \
    "$(figure stat::number_of_executed_units: "$log")" "$(figure stat::average_exec_per_sec: "$log")" "$(figure ' cov:' "$log")" \
    "$(figure ' ft:' "$log")" "$(figure ' corp:' "$log")" "$(ls "$found" | wc -l)"
done
exit "$ended"
