#!/bin/sh
# SPDX-License-Identifier: MIT
# install_cuda_toolkit.sh [--find]: gets what the preset `cuda` needs of the CUDA toolkit where the machine has none of version 13 or later:
# the compiler, the runtime and cuBLAS, from the Python package index, 530 MB, into a folder of the user's (840 MB); then prints the
# toolkit's folder. Asks nothing, and does nothing where a toolkit is there. --find gets nothing, and prints nothing where there is none.
# A toolkit is looked for where $CUDA_HOME says, by nvcc on PATH, in /usr/local/cuda, and where this script put one. Exit 2 where none can be got.
set -eu

version=13.0
wheels="nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88 nvidia-cuda-runtime==13.0.96 nvidia-cuda-cccl==13.0.85
  nvidia-cublas==13.1.0.3"
ours=${XDG_CACHE_HOME:-${HOME:?}/.cache}/census/cuda-$version

# is_toolkit FOLDER: it has nvcc 13 or later, and cuBLAS.
is_toolkit() {
  [ -x "$1/bin/nvcc" ] && [ -e "$1/include/cublasLt.h" ] || return 1
  major=$("$1/bin/nvcc" --version | sed -n 's/.*release \([0-9]*\)\..*/\1/p')
  [ "${major:-0}" -ge 13 ]
}

for toolkit in "${CUDA_HOME-}" "$(dirname "$(dirname "$(readlink -f "$(command -v nvcc || true)")")")" /usr/local/cuda "$ours"; do
  if [ -n "$toolkit" ] && is_toolkit "$toolkit"; then
    echo "$toolkit"
    exit 0
  fi
done
[ "${1-}" != --find ] || exit 0

python3 -m pip --version >/dev/null 2>&1 || "$(dirname "$0")/install_packages.sh" toolkit >&2

echo "== Getting the CUDA toolkit $version into $ours" >&2
partial=$ours.partial
rm -rf "$partial" "$ours"
trap 'rm -rf "$partial"' EXIT
python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --no-cache-dir --no-deps --only-binary :all: --target "$partial" $wheels >&2 ||
  { echo "$0: pip could not get $wheels" >&2; exit 2; }

# Wheels have libraries by their full names alone, in lib; compiler and linker look in lib64, for names without a version.
toolkit=$partial/nvidia/cu13
ln -s lib "$toolkit/lib64"
for library in "$toolkit"/lib/*.so.*; do
  unversioned=${library%%.so.*}.so
  [ -e "$unversioned" ] || ln -s "$(basename "$library")" "$unversioned"
done
is_toolkit "$toolkit" || { echo "$0: what pip got is no toolkit" >&2; exit 2; }
mv "$toolkit" "$ours"
echo "$ours"
