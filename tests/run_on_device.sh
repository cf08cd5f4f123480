#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests and measures on a machine with a CUDA device what is only emulated everywhere else, and writes a report that names the card, for
# docs/cuda.md. Exit 0 where all held, 1 where something did not, 77 where there is no device.
#   run_on_device.sh                   builds the preset `cuda` here, installing what is missing, and runs it
#   run_on_device.sh --pack FILE       builds, and puts the programs into FILE (.tar.gz) with the libraries that they need, for a machine
#                                      that has none of them; nothing is run
#   run_on_device.sh --packed FILE     runs what was packed; the machine needs its driver and cuBLAS 13
# The report is build/device/report.md; what each step printed lies beside it.
set -u
archive=${2-}  # FILE
case $archive in "" | /*) ;; *) archive=$PWD/$archive ;; esac
cd "$(dirname "$0")/.." || exit 1

programs="tests/cuda/test_cuda bench/bench_cuda examples/census"  # tests, measures, and census itself
results=build/device
report=$results/report.md
model=examples/tiny_opt
tokens=100000
case_limit=${CENSUS_CASE_LIMIT:-30m}  # for a test case, also under a sanitizer
failed=0

build() {
  examples/install_packages.sh test && examples/install_cuda_toolkit.sh && cmake --preset cuda -U CMAKE_CXX_FLAGS_RELEASE && cmake --build --preset cuda
}

# pack FILE: programs, and in lib/ all that they load, but not cuBLAS: it is half a gigabyte, and machines with devices have it. The C library
# lies apart, in libc/, for a machine whose own is older; in include/ oneTBB's headers, for a module of another Python.
pack() {
  folder=$(mktemp -d)
  mkdir "$folder/lib" "$folder/libc"
  for program in $programs $(cd build/cuda && first_of examples/torch_census.*.so); do
    strip -o "$folder/$(basename "$program")" "build/cuda/$program" || return 1
    ldd "build/cuda/$program" | grep -v cublas | grep -o '/[^ ]*' | xargs cp -L -t "$folder/lib"
  done
  for file in "$folder"/lib/ld-linux-* "$folder"/lib/lib[cm].so.* "$folder"/lib/libpthread.so.* "$folder"/lib/libdl.so.* "$folder"/lib/librt.so.*; do
    [ ! -e "$file" ] || mv "$file" "$folder/libc"
  done
  mkdir "$folder/include" && cp -r /usr/include/oneapi /usr/include/tbb "$folder/include"
  git rev-parse HEAD >"$folder/commit"
  tar -C "$folder" -czf "$1" . && rm -rf "$folder" && ls -lh "$1"
}

# first_of FILE...: the first that exists; else it fails.
first_of() {
  for file in "$@"; do
    [ -e "$file" ] && echo "$file" && return
  done
}

# command_of PROGRAM: what starts a program of the build, or one that was packed, with the loader and the C library packed beside it where
# this machine's own do not start it. A packed one is to have the libraries packed beside it, as $with_libraries says; nothing else is.
command_of() {
  if [ -z "$packed" ]; then
    echo "build/cuda/$(printf '%s\n' $programs | grep "/$1\$")"
  elif [ -n "$loader" ]; then
    echo "$loader --library-path $packed/libc:$libraries $packed/$1"
  else
    echo "$packed/$1"
  fi
}

# run PROGRAM ARGUMENTS...: for an hour at most.
run() {
  command=$(command_of "$1")
  shift
  timeout 1h $with_libraries $command "$@"
}

# Ends all that was started here, known by its environment: a signal to the group does not reach what `timeout` runs, in a group of its own,
# and who started it may be gone. Twice, for what was starting something.
export CENSUS_ON_DEVICE=$$
end_all() {
  for pass in first second; do
    for process in /proc/[0-9]*; do
      ! grep -qzx "CENSUS_ON_DEVICE=$$" "$process/environ" 2>/dev/null || kill "${process#/proc/}" 2>/dev/null
    done
  done
}

# run_cases [TOOL]: each case of the tests in a process of its own, so that what one leaves on the device harms no other; some at once; under
# a tool of compute-sanitizer where one is named. What failed is told with all that it printed.
run_cases() {
  under=
  if [ $# -eq 1 ]; then
    sanitizer=$(command -v compute-sanitizer || first_of /usr/local/cuda*/bin/compute-sanitizer)
    [ -n "$sanitizer" ] || { echo "there is no compute-sanitizer"; return 77; }
    under="$sanitizer --tool $1 --error-exitcode 1"
    [ "$1" != memcheck ] || under="$under --report-api-errors no"  # some tests are about calls that fail
    if [ "$1" = racecheck ]; then  # not cuBLAS's own kernels: see docs/cuda.md; one filter a name, for all of a filter has to match
      for name in nvjet cublas cutlass gemm; do under="$under --kernel-name-exclude kns=$name"; done
    fi
  fi
  run test_cuda --list-test-names-only >"$results/cases.txt"  # its exit code is their number; Catch2 3 does not know the option
  [ -s "$results/cases.txt" ] || run test_cuda --list-tests --verbosity quiet >"$results/cases.txt"
  [ -s "$results/cases.txt" ] || { echo "test_cuda lists no test case"; return 1; }
  one_case='printed=$("$@" 2>&1); code=$?
    [ $code -ne 0 ] || case $printed in *"No test cases matched"*) code=1 ;; *) echo holds >>"$0"; exit 0 ;; esac
    printf "%s\n== exit code %s: %s\n" "$printed" $code "$*"; exit 1'
  sed 's/[][\\,]/\\&/g' "$results/cases.txt" >"$results/patterns.txt" && : >"$results/held.txt" || return 1
  xargs -d '\n' -n 1 -P "$(nproc)" -a "$results/patterns.txt" \
    sh -c "$one_case" "$results/held.txt" timeout "$case_limit" $with_libraries $under $(command_of test_cuda)
  cases=$(wc -l <"$results/cases.txt") held=$(wc -l <"$results/held.txt")
  echo "$held of $cases cases"
  [ "$held" -eq "$cases" ]
}

# step NAME TITLE COMMAND...: does it, and adds a line to the report: it holds, does not, or was not done (exit code 77).
step() {
  log=$results/$1.txt
  title=$2
  shift 2
  echo "== $title" >&2
  began=$(date +%s)
  "$@" >"$log" 2>&1 &
  child=$!  # not in the foreground, where a shell hears of a signal only when what it waits for has ended
  wait $child
  code=$?
  child=
  case $code in
    0) answer=holds ;;
    77) answer="not done" ;;
    *)
      answer="**does not hold**" failed=1
      tail -n 20 "$log" >&2
      ;;
  esac
  tell_step "$answer"
}

# tell_step ANSWER: the report's line of the step at hand.
tell_step() {
  echo "| $title | $1 | $(grep . "$log" | tail -n 1 | tr '|' ' ') | $(($(date +%s) - began)) |" | tee -a "$report" >&2
}

# What is told where a signal ends it, as where time is up: which step was cut off, and the measures as far as they came.
cut_off() {
  trap '' INT TERM
  [ -z "$child" ] || kill "$child" 2>/dev/null
  end_all
  [ -z "$child" ] || tell_step "**cut off**; what comes after it was not done"
  exit 1
}

# take NAME OPTIONS...: a census of the bundled model on its text.
take() {
  out=$results/census/$1
  shift
  run census take --model $model --text $model/text/prose $model/text/code $model/text/maths --context 128 --tokens $tokens --out "$out" "$@"
}

# In another run, and in the smallest memory that is accepted, where blocks and their neighbours are others.
same_bytes() {
  take again --device cuda || return 1
  smallest=1MiB
  for attempt in 1 2 3; do  # refused for the census, then maybe for the sample in double precision
    take tight --device cuda --device-memory "$smallest" 2>"$results/tight.txt" && break
    smallest=$(sed -n 's/.*needs at least \([0-9]*MiB\).*/\1/p' "$results/tight.txt")
    [ -n "$smallest" ] && [ $attempt -lt 3 ] || { cat "$results/tight.txt"; return 1; }
  done
  [ $attempt -gt 1 ] || { echo "$smallest should be too little"; return 1; }
  for other in again tight; do
    diff -r -x run.json "$results/census/exact" "$results/census/$other" || return 1
  done
  echo "twice, and in $smallest"
}

# On all devices of the machine, which are taken to be of one kind.
all_devices() {
  devices=$(nvidia-smi -L | grep -c '^GPU ')
  [ "$devices" -gt 1 ] || { echo "there is one device"; return 77; }
  take all --device cuda:all && diff -r -x run.json "$results/census/exact" "$results/census/all" && echo "on $devices devices"
}

# differing_firings PRECISION LIMIT: how many firings neurons have more or fewer than on the processor, as a share of tokens times neurons,
# which is to be at most LIMIT.
differing_firings() {
  [ "$1" = exact ] || take "$1" --device cuda --precision "$1" || return 1
  awk -F, -v limit="$2" -v tokens=$tokens '
    FNR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    NR == FNR { firings[$1, $2] = $column["firings"]; next }
    { difference = $column["firings"] - firings[$1, $2]; sum += difference < 0 ? -difference : difference; ++neurons }
    END { share = sum / neurons / tokens; printf "%d firings, %.1e of all\n", sum, share; exit !(neurons > 0 && share <= limit) }
  ' "$results/census/cpu/neurons.csv" "$results/census/$1/neurons.csv"
}

# module_for_python: the folder of a module torch_census that this machine's python3 loads: that of the build or the pack, else one that is
# compiled here. Fails with 77 where there is no nvcc, pybind11 or Python.h, with 1 where the compiler fails.
module_for_python() {
  name=torch_census$(python3 -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))') || return 1
  for folder in "${packed:-build/cuda/examples}" $results/module; do
    [ ! -e "$folder/$name" ] || [ -n "$loader" ] || { echo "$folder"; return; }
  done
  nvcc=$(command -v nvcc || first_of /usr/local/cuda*/bin/nvcc) || { echo "there is no nvcc for a module of this Python" >&2; return 77; }
  headers=$(python3 -m pybind11 --includes) || { echo "there is no pybind11 for a module of this Python" >&2; return 77; }
  [ -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] || { echo "there is no Python.h for a module" >&2; return 77; }
  mkdir -p $results/module
  "$nvcc" -std=c++20 -O2 -arch=native -shared -Xcompiler=-fPIC,-fvisibility=hidden -Iinclude ${packed:+-I$packed/include -L$packed/lib} $headers \
    examples/python/torch_census.cpp examples/python/tensors_on_device.cpp include/census/cuda/kernels.cu -l:libtbb.so.12 \
    -o "$results/module/$name" >&2 || { echo "the module does not compile" >&2; return 1; }
  echo $results/module
}

# What PyTorch or CuPy of this machine's python3 have on the device, counted by the module torch_census.
from_python() {
  command -v python3 >/dev/null || { echo "there is no python3"; return 77; }
  of_module=${LD_LIBRARY_PATH-}
  if [ -n "$packed" ]; then  # of all that was packed it gets oneTBB, for the machine's Python has its own C and C++ libraries
    mkdir -p $results/tbb && cp "$packed"/lib/libtbb.so.* $results/tbb || return 1
    of_module=$PWD/$results/tbb${cublas:+:$cublas}${of_module:+:$of_module}
    LD_LIBRARY_PATH=$of_module python3 -c 'import ctypes; ctypes.CDLL("libtbb.so.12")' ||
      { echo "this machine's python3 does not load the oneTBB that was packed"; return 77; }
  fi
  module=$(module_for_python) || return
  LD_LIBRARY_PATH=$of_module PYTHONPATH=$module:${PYTHONPATH-} python3 -B tests/examples/torch_census_on_device_test.py || return 1
  ! grep -q ^SKIPPED "$results/from_python.txt" || return 77
}

describe_machine() {
  commit=$(cat "$packed/commit" 2>/dev/null || git rev-parse HEAD)
  echo "# On a device, $(date +%F)"
  echo
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | sed 's/^/- /'
  [ -n "$packed" ] && unknown="no folder that is known here" || unknown="the toolkit of the build"
  echo "- commit $commit, $(nproc) processor cores, $(uname -sr), cuBLAS in ${cublas:-$unknown}"
  echo
  echo "| step | answer | last line | seconds |"
  echo "| --- | --- | --- | --- |"
}

all_steps() {
  step tests "The tests of tests/cuda" run_cases
  for tool in memcheck racecheck synccheck; do
    step $tool "The same under compute-sanitizer's $tool" run_cases $tool
  done
  step cpu "A census of the bundled model on the processor" take cpu
  step exact "The same on the device" take exact --device cuda
  step same_bytes "The same bytes" same_bytes
  step all_devices "The same bytes on several devices" all_devices
  step exact_firings "Firings that differ, exact: at most 1e-5" differing_firings exact 1e-5
  for precision in tf32:1e-3 half:1e-3 bfloat16:1e-2; do  # ten to a hundred times what was measured
    limit=${precision#*:} precision=${precision%:*}
    step ${precision}_firings "Firings that differ, $precision: at most $limit" differing_firings "$precision" "$limit"
  done
  step from_python "Arrays of PyTorch or CuPy on the device are counted as on the processor" from_python
  step measures "Measures" run bench_cuda
}

packed=
case ${1-} in
  "") ;;
  --pack) build && pack "${archive:?a file}"; exit ;;
  --packed) packed=$results/packed ;;
  *) sed -n 's/^#  //p' "tests/${0##*/}" >&2; exit 2 ;;
esac
nvidia-smi -L || { echo "$0: there is no CUDA device, so nothing is run" >&2; exit 77; }
if [ -z "$packed" ]; then
  build || exit 1
else  # before what was there goes
  tar -tzf "${archive:?a file}" >/dev/null || exit 1
  case $archive in "$PWD/$results"/*) echo "$0: $archive lies in $results, which is emptied" >&2; exit 1 ;; esac
fi
cublas=$(first_of "${CUDA_HOME:-/usr/local/cuda}"/lib64/libcublasLt.so.13 /usr/local/cuda*/lib64/libcublasLt.so.13 \
  /usr/local/cuda*/targets/*/lib/libcublasLt.so.13 "$(python3 -c 'import nvidia; print(list(nvidia.__path__)[0])' 2>/dev/null)"/cu13/lib/libcublasLt.so.13) &&
  cublas=$(dirname "$cublas")
rm -rf $results
mkdir -p $results/census $results/packed
loader='' libraries='' with_libraries='' child=''
if [ -n "$packed" ]; then
  tar -C "$packed" -xzf "$archive" || exit 1
  libraries=$packed/lib${cublas:+:$cublas}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  with_libraries="env LD_LIBRARY_PATH=$libraries"
  $with_libraries "$packed/census" --help >/dev/null 2>&1 || loader=$(first_of "$packed"/libc/ld-linux-*)
fi
describe_machine >$report
trap 'cat $results/measures.txt >>$report 2>/dev/null' EXIT
trap cut_off INT TERM
all_steps
echo "== The report is $report" >&2
exit $failed
