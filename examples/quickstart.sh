#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds the program census, takes the census of the bundled model on its held-out text, and writes a report
# to look at.
set -eu
cd "$(dirname "$0")/.."

examples/install_packages.sh build

echo "== Building census"
cmake --preset release -D CENSUS_TESTS=OFF -D CENSUS_BENCH=OFF
cmake --build --preset release --target census_program

echo "== Taking the census of examples/tiny_opt"
set --
for folder in examples/tiny_opt/text/*/; do
  set -- "$@" --text "$(basename "$folder")=${folder%/}"
done
build/release/examples/census take --model examples/tiny_opt "$@" --context 256 --examples 5 --out census-out --resume
build/release/examples/census report bundled=census-out --out census-out/report.html
