#!/bin/sh
# same_bytes.sh CENSUS MODEL WORK: the results are the same bytes for 1, 2 and 4 threads, whatever OPENBLAS_NUM_THREADS says, and
# in the smallest memory that is accepted, where blocks are small and residual streams wait in a file.
set -eu
program=$1 model=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
take() {
  out=$1 blas_threads=$2
  shift 2
  OPENBLAS_NUM_THREADS=$blas_threads "$program" take --model "$model" --text "$model/text/prose" "$model/text/code" "$model/text/maths" --context 128 \
    --tokens 12000 --keep-tables --out "$work/$out" "$@" >"$work/$out.stdout" 2>/dev/null
  rm "$work/$out/run.json" # the only one that holds times
  sed -i '/^The results lie in/d' "$work/$out.stdout"
}
take reference 1 --threads 1
take two 1 --threads 2
take four 1 --threads 4
take blas 2 --threads 2
"$program" take --model "$model" --text "$model/text/prose" "$model/text/code" "$model/text/maths" --context 128 --tokens 12000 --out "$work/none" \
  --threads 1 --memory 1MiB 2>"$work/refused" && exit 1
smallest=$(sed -n 's/.*needs at least \([0-9]*MiB\).*/\1/p' "$work/refused")
take tight 1 --threads 1 --memory "$smallest"
for other in two four blas tight; do
  diff -r "$work/reference" "$work/$other"
  diff "$work/reference.stdout" "$work/$other.stdout"
done

# The layers asked for are the layers of the whole.
take upper 1 --threads 2 --layers 2:4
grep '^[23],' "$work/reference/neurons.csv" >"$work/expected.csv"
grep -v '^layer' "$work/upper/neurons.csv" | diff "$work/expected.csv" -
cmp "$work/reference/tokens-3.safetensors" "$work/upper/tokens-3.safetensors"
