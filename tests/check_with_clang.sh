#!/bin/sh
# SPDX-License-Identifier: MIT
# check_with_clang.sh [CLANG++]: compiles every public header alone with clang 16 or later, warnings as errors. Not part of run.sh, which
# needs g++ only; install clang-19 first, say.
set -eu
cd "$(dirname "$0")/.."
clang=${1:-clang++-19}
failed=0
for header in $(find include -name '*.hpp' | sort); do
  printf '#include <%s>\n' "${header#include/}" | "$clang" -x c++ -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -DCENSUS_OPENBLAS \
    -Iinclude $(pkg-config --cflags-only-I eigen3 openblas | sed 's/-I/-isystem /g') - || { echo "in $header" >&2; failed=1; }
done
exit "$failed"
