#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [PRESET...]: installs what is missing, then builds and tests everything: with the sanitizers first (asan), then optimised, each
# header alone too (ci); only PRESETs where these are given. Ends with ctest's summary of the optimised build. Stops at the first failure.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- asan ci

examples/install_packages.sh test

for preset; do
  echo "== Build and tests of the preset $preset"
  cmake --workflow --preset "$preset"
done
