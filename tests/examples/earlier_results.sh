#!/bin/sh
# earlier_results.sh CENSUS MODEL WORK: a census that fails or is killed leaves the results of the one before, and no pieces of its own
# under their names.
. "$(dirname "$0")/support.sh"
take() { "$program" take --model "$model" --text "$model/text/prose" --context 128 --ngrams 1 --rounding-sample 0 --projections 0 --out "$work/out" "$@" >/dev/null 2>&1; }
start() { exec "$program" take --model "$model" --text "$model/text/prose" --context 128 --ngrams 1 --rounding-sample 0 --projections 0 --out "$work/out" "$@" >/dev/null 2>&1; } # in its own process
# begun PROCESS: waits until it writes into the folder, which it holds by then.
begun() { while kill -0 "$1" 2>/dev/null && [ -z "$(find "$work/out" -name '.*.part')" ]; do sleep 0.02; done; }
results() { (cd "$work/out" && for file in run.json layers.csv neurons.csv detectors.jsonl census.safetensors; do cksum "$file"; done); }
take --tokens 1000
results >"$work/before"
if take --tokens 1000 --layers 7:9; then exit 1; fi
results | diff "$work/before" -
start --tokens 200000 &
killed=$!
begun "$killed"
kill -9 "$killed" 2>/dev/null || true
if wait "$killed" 2>/dev/null; then
  echo "the census was done before it could be killed"
else
  results | diff "$work/before" -
fi
take --tokens 1200
if results | diff -q "$work/before" - >/dev/null; then exit 1; fi
[ -z "$(find "$work/out" -name '*.part*')" ]

# Token tables are of the census they lie beside.
take --tokens 1000 --keep-tables
cksum "$work/out/tokens-3.safetensors" >"$work/kept"
if take --tokens 1200 --keep-tables --layers 7:9; then exit 1; fi
start --tokens 200000 --keep-tables &
killed=$!
begun "$killed"
kill -9 "$killed" 2>/dev/null || true
if ! wait "$killed" 2>/dev/null; then cksum "$work/out/tokens-3.safetensors" | diff "$work/kept" -; fi
take --tokens 1000
[ ! -e "$work/out/tokens-3.safetensors" ]

# What cannot be put in place spoils nothing that can.
results >"$work/before"
rm "$work/out/neurons.csv"
mkdir "$work/out/neurons.csv"
cksum "$work/out/run.json" "$work/out/layers.csv" >"$work/kept"
if take --tokens 1200; then exit 1; fi
cksum "$work/out/run.json" "$work/out/layers.csv" | diff "$work/kept" -
rmdir "$work/out/neurons.csv"

# Two censuses do not write into one folder; closed streams do not leak into results.
start --tokens 200000 &
first=$!
begun "$first"
if kill -0 "$first" 2>/dev/null && take --tokens 1000; then exit 1; fi
kill -9 "$first" 2>/dev/null || true
wait "$first" 2>/dev/null || true
"$program" take --model "$model" --text "$model/text/prose" --context 128 --ngrams 1 --rounding-sample 0 --projections 0 --out "$work/closed" --tokens 1000 >&- 2>&- <&-
take --tokens 1000
cmp "$work/closed/census.safetensors" "$work/out/census.safetensors"
