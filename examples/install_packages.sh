#!/bin/sh
# SPDX-License-Identifier: MIT
# install_packages.sh build|test|fuzz|toolkit: installs what is missing of the Debian packages that the project needs, asking nothing.
# The one place that lists them: "build" is what a program with census needs, "test" adds the tests and benchmarks, "fuzz" what
# tests/fuzz.sh needs; "toolkit" is what install_cuda_toolkit.sh needs.
# Does nothing, and needs no rights, where all are there. Exit 2 where it may not install.
set -eu

build="g++ cmake ninja-build pkg-config libeigen3-dev libopenblas-pthread-dev libtbb-dev libboost-dev libxtensor-dev
  gnuplot-nox nlohmann-json3-dev libcli11-dev libpcre2-dev zlib1g-dev libzstd-dev"
test="catch2 ccache libbenchmark-dev libopenblas0-openmp pybind11-dev python3-dev python3-numpy python3-pandas
  python3-jsonschema libopenmpi-dev openmpi-bin"

case ${1-} in
  build) needed=$build ;;
  test) needed="$build $test" ;;
  fuzz) needed="$build ccache clang-19 libclang-rt-19-dev" ;;
  toolkit) needed="python3-pip" ;;
  *) echo "usage: $0 build|test|fuzz|toolkit" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "$0: this is no Debian system; going on as if these were installed:" $needed >&2
  exit 0
fi

missing=
for package in $needed; do
  # a line for each architecture of it
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "$0: neither root nor sudo without a password; first run, as root: apt-get install --no-install-recommends$missing" >&2
  exit 2
fi

echo "== Installing$missing"
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
$apt update
$apt install --no-install-recommends $missing
