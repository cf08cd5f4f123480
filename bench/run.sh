#!/bin/sh
# SPDX-License-Identifier: MIT
# ./bench/run.sh [--quick] [--only TASK,...]: builds the benchmarks, runs what is available here, prints a table (measure, ratio, goal, holds
# or by how much short) and writes build/bench/results.json. Tasks: counting, layer, survey, examples, ngrams, replay, growth, peers. --quick: fewer and shorter
# runs, no growth. CENSUS_PYTHON names a Python that may import torch, transformers, transformer_lens and ctranslate2; without them the
# peers are left out by name (bench/peers/compare.py says how to have them). CENSUS_BUILD is where to build (build/release).
# `python3 bench/report.py` then draws docs/benchmarks.md from the results.
set -eu
cd "$(dirname "$0")/.."
build=${CENSUS_BUILD:-build/release}
command -v python3 > /dev/null || { echo "run.sh: python3 is missing (Debian's package python3)" >&2; exit 2; }
case " $* " in
  *" --help "* | *" -h "*) exec python3 bench/run.py --help ;;
esac
mkdir -p build/bench
cmake --preset release -B "$build" -DCENSUS_BENCH=ON > build/bench/build.log 2>&1 || { cat build/bench/build.log >&2; exit 1; }
cmake --build "$build" --target benchmarks >> build/bench/build.log 2>&1 || { tail -50 build/bench/build.log >&2; exit 1; }
exec python3 bench/run.py --build "$build" "$@"
