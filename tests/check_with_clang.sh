#!/bin/sh
# SPDX-License-Identifier: MIT
# check_with_clang.sh [CLANG++]: compiles every public header alone with clang 16 or later, warnings as errors. Not part of run.sh, which
# needs g++ only; install clang-19 first, say. What is not installed is told: without Open MPI the headers of mpi/ are left out, without
# CUDA those that call cuBLASLt, and the others of cuda/ include the emulator's runtime.
set -eu
cd "$(dirname "$0")/.."
clang=${1:-clang++-19}
packages="eigen3 openblas"
if pkg-config --exists ompi-c; then
  packages="$packages ompi-c"
else
  echo "left out, for Open MPI is not installed: include/census/mpi" >&2
fi
cuda=
if ! echo '#include <cublasLt.h>' | "$clang" -x c++ -fsyntax-only - 2>/dev/null; then
  cuda="-isystem tests/cuda/emulator"
  echo "left out, for CUDA is not installed: what includes cublasLt.h" >&2
fi
failed=0
for header in $(find include -name '*.hpp' | sort); do
  case "$header:$packages" in
    include/census/mpi/*:*ompi-c) ;;
    include/census/mpi/*) continue ;;
    include/census/cuda/model.hpp:* | include/census/cuda/*cublaslt*) [ -z "$cuda" ] || continue ;;
  esac
  printf '#include <%s>\n' "${header#include/}" | "$clang" -x c++ -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -DCENSUS_OPENBLAS \
    -Iinclude $cuda $(pkg-config --cflags-only-I $packages | sed 's/-I/-isystem /g') - || { echo "in $header" >&2; failed=1; }
done
exit "$failed"
