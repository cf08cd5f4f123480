#!/bin/sh
# earlier_results.sh PROGRAM MODEL WORK: a census that fails or is killed leaves the results of the one before, and no pieces of its own
# under their names.
set -eu
program=$1 model=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
take() { "$program" --model "$model" --text "$model/text/prose" --context 128 --out "$work/out" "$@" >/dev/null 2>&1; }
results() { (cd "$work/out" && for file in run.json layers.csv neurons.csv detectors.jsonl census.safetensors; do cksum "$file"; done); }
take --tokens 3000
results >"$work/before"
if take --tokens 3000 --layers 7:9; then exit 1; fi
results | diff "$work/before" -
take --tokens 200000 &
killed=$!
sleep 0.5
kill -9 "$killed" 2>/dev/null || true
if wait "$killed" 2>/dev/null; then
  echo "the census was done before it could be killed"
else
  results | diff "$work/before" -
fi
take --tokens 4000
if results | diff -q "$work/before" - >/dev/null; then exit 1; fi
[ -z "$(find "$work/out" -name '*.part')" ]
