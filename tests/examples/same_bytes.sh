#!/bin/sh
# same_bytes.sh CENSUS MODEL WORK: the determinism matrix. However a census is taken, all its files are the same bytes as the reference's, but
# run.json, which tells how and when, and what is printed is the same as well. To add a way to take it: a line that begins with `cell`.
# (Texts in another order are other documents by number, and domains by number: no cell.)
. "$(dirname "$0")/support.sh"

# take ARGS...: takes the census of a little text into $out.
take() {
  "$program" take --model "$model" --text "$model/text/prose" "$model/text/code" "$model/text/maths" --context 128 --tokens 12000 --keep-tables \
    $options --out "$out" "$@"
}

# take_in_least_memory THREADS: in the least that a refusal names: blocks are small, firings and residual streams wait in files.
take_in_least_memory() {
  if take --threads "$1" --memory 1MiB 2>"$work/refused"; then exit 1; fi
  take --threads "$1" --memory "$(sed -n 's/.*needs at least \([0-9]*MiB\).*/\1/p' "$work/refused")"
}

# take_with_blas_threads THREADS: what the environment asks of OpenBLAS is no matter.
take_with_blas_threads() {
  (export OPENBLAS_NUM_THREADS="$1" && take --threads "$1")
}

# reference OPTIONS...: what the cells that follow are compared with is taken with these options, as they are.
reference() {
  options=$* out=$work/reference
  rm -rf "$out"
  echo "reference $options"
  collect take --threads 1
}

# cell NAME COMMAND...: the command takes the census into $out, by whatever way.
cell() {
  name=$1 out=$work/cell
  shift
  rm -rf "$out"
  collect "$@"
  if diff -r "$work/reference" "$out" && diff "$work/reference.stdout" "$out.stdout"; then
    echo "same bytes: $name"
  else
    echo "OTHER BYTES: $name"
    failures=$((failures + 1))
  fi
}

collect() {
  "$@" >"$out.stdout" 2>"$work/stderr" || { cat "$work/stderr"; exit 1; }
  rm "$out/run.json"
  sed -i '/^The results lie in/d' "$out.stdout"
}

failures=0
reference
cell "2 threads" take --threads 2
cell "3 threads" take --threads 3
cell "1 thread, least memory" take_in_least_memory 1
cell "2 threads, least memory" take_in_least_memory 2
cell "3 threads, least memory" take_in_least_memory 3
cell "2 threads, and as many asked of OpenBLAS" take_with_blas_threads 2

# The layers asked for are the layers of the whole.
out=$work/upper
take --threads 2 --layers 2:4 >/dev/null 2>&1
grep '^[23],' "$work/reference/neurons.csv" >"$work/expected.csv"
grep -v '^layer' "$out/neurons.csv" | diff "$work/expected.csv" -
for file in tokens-3 projections-3; do cmp "$work/reference/$file.safetensors" "$out/$file.safetensors"; done

quick="--rounding-sample 0 --projections 0" # which the cells above have
reference --pre-activations --ngrams 2 $quick
cell "3 threads, with pre-activations" take --threads 3
cell "2 threads, least memory, with pre-activations" take_in_least_memory 2

reference --examples 3 --example-bins 2 --ngrams 1 $quick
cell "3 threads, with examples" take --threads 3
cell "2 threads, least memory, with examples" take_in_least_memory 2

[ "$failures" -eq 0 ]
