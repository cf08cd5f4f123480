#!/bin/sh
# SPDX-License-Identifier: MIT
# check_with_nvcc.sh [NVCC]: compiles what programs for devices include, census.hpp and the survey of the whole paper, with nvcc 13 or
# later, for processors with SSE2, AVX2 and AVX-512. Not part of run.sh, which needs g++ only; nothing is run.
set -eu
cd "$(dirname "$0")/.."
nvcc=${1:-$(examples/install_cuda_toolkit.sh)/bin/nvcc}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '#include <census/census.hpp>\n#include <census/survey/paper_survey.hpp>\n' > "$folder/census.cu"
failed=0
for processor in x86-64 x86-64-v3 x86-64-v4; do
  "$nvcc" -std=c++20 -Iinclude $(pkg-config --cflags-only-I eigen3) -Xcompiler -march=$processor -c -o "$folder/census.o" "$folder/census.cu" ||
    { echo "for $processor" >&2; failed=1; }
done
exit "$failed"
