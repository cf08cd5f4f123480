#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, then builds and tests everything: with the sanitizers first, then optimised, each header alone too.
# Ends with ctest's summary of the optimised build. Stops at the first failure.
set -eu
cd "$(dirname "$0")/.."

examples/install_packages.sh test

echo "== Address and undefined-behaviour sanitizers"
cmake --workflow --preset asan

echo "== Optimised build, every header alone, and tests"
cmake --workflow --preset ci
