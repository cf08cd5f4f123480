#!/bin/sh
# SPDX-License-Identifier: MIT
# ./bench/guard.sh            counts the instructions of the hot loops and compares them with those in bench/guard/instructions.json
# ./bench/guard.sh --update   keeps the counts of now
# ./bench/guard.sh --growth   how instructions grow with tokens and layers, and memory with tokens, as JSON
# Needs valgrind. Exit 0: nothing regressed; 1: something did, or is not kept; 2: bad usage, or it does not build; 77: valgrind or python3 is
# missing.
set -eu
cd "$(dirname "$0")/.."
case "$#/${1:-}" in
  0/ | 1/--update | 1/--growth) ;;
  *) sed -n '3,/^set/s/^# //p' bench/guard.sh; [ "${1:-}" = --help ] && exit 0 || exit 2 ;;
esac
for program in valgrind python3; do
  command -v $program > /dev/null || { echo "guard: $program is missing (Debian's package $program)"; exit 77; }
done
build=${CENSUS_GUARD_BUILD:-build/guard}
mkdir -p "$(dirname "$build")"
# Not for this machine's processor, so that another machine counts the same.
cmake -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-march=x86-64-v3 -DCMAKE_CXX_EXTENSIONS=OFF -DCENSUS_TESTS=OFF \
  -DCENSUS_EXAMPLES=OFF -DCENSUS_BENCH=ON > "$build.log" 2>&1 || { cat "$build.log"; exit 2; }
programs=bench_guard
[ "${1:-}" != --growth ] || programs="make_checkpoint census_survey"
cmake --build "$build" --target $programs >> "$build.log" 2>&1 || { cat "$build.log"; exit 2; }
[ "${1:-}" != --growth ] || exec python3 bench/guard/growth.py "$build/bench"
exec python3 bench/guard/guard.py "$build/bench/bench_guard" "$@"
