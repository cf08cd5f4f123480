#!/bin/sh
# same_bytes.sh PROGRAM MODEL WORK: the results are the same bytes for 1, 2 and 4 threads, and whatever OPENBLAS_NUM_THREADS says.
set -eu
program=$1 model=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
take() {
  out=$1 blas_threads=$2
  shift 2
  OPENBLAS_NUM_THREADS=$blas_threads "$program" --model "$model" --text "$model/text/prose" "$model/text/code" "$model/text/maths" --context 128 \
    --tokens 12000 --keep-tables --out "$work/$out" "$@" >"$work/$out.stdout" 2>/dev/null
  rm "$work/$out/run.json" # the only one that holds times
  sed -i '/^The results lie in/d' "$work/$out.stdout"
}
take reference 1 --threads 1
take two 1 --threads 2
take four 1 --threads 4
take blas 2 --threads 2
for other in two four blas; do
  diff -r "$work/reference" "$work/$other"
  diff "$work/reference.stdout" "$work/$other.stdout"
done

# The layers asked for are the layers of the whole.
take upper 1 --threads 2 --layers 2:4
grep '^[23],' "$work/reference/neurons.csv" >"$work/expected.csv"
grep -v '^layer' "$work/upper/neurons.csv" | diff "$work/expected.csv" -
cmp "$work/reference/tokens-3.safetensors" "$work/upper/tokens-3.safetensors"
