#!/bin/sh
# full_disk.sh CENSUS MODEL WORK: a disk that is full from some write on ends a census with exit code 2 and one line, leaves no half file and
# the last snapshot whole, so that --resume gives the bytes of a run that nothing stopped. Of the run's writes some 12 are the first to fail;
# with CENSUS_EVERY_WRITE=1 in the environment, each in turn.
. "$(dirname "$0")/support.sh"
cc -shared -fPIC -O1 -o "$work/failing_writes.so" "$(dirname "$0")/failing_writes.c" -ldl

take() {
  out=$1
  shift
  "$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 12000 --ngrams 2 --rounding-sample 0 --keep-tables \
    --threads 1 --snapshot-every 0.02s --out "$out" "$@" >"$work/stdout" 2>"$work/stderr"
}
failing_from() { # WRITE COMMAND...
  at=$1
  shift
  (
    export CENSUS_FAIL_IN="$work/out" CENSUS_FAIL_AT="$at" CENSUS_FAIL_COUNT="$work/count" LD_PRELOAD="$work/failing_writes.so"
    "$@"
  )
}
same_as_reference() {
  rm "$work/out/run.json"
  diff -r "$work/reference" "$work/out"
}

take "$work/reference"
rm "$work/reference/run.json"
mkdir "$work/out"
failing_from 1000000 take "$work/out"
same_as_reference
writes=$(cat "$work/count")
[ "$writes" -gt 40 ]

step=1
[ -n "${CENSUS_EVERY_WRITE-}" ] || step=$((writes / 12))
write=1
failed=0
while [ "$write" -le "$writes" ]; do
  rm -rf "$work/out"
  mkdir "$work/out"
  code=0
  failing_from "$write" take "$work/out" || code=$?
  if [ "$code" -ne 0 ]; then
    failed=$((failed + 1))
    if [ "$code" -ne 2 ] || ! tail -n 1 "$work/stderr" | grep -q "^census take: .*No space left on device"; then
      echo "FAILED: from write $write on, exit code $code:"
      cat "$work/stderr"
      exit 1
    fi
    find "$work/out" -name '*.part' | grep . && exit 1
    take "$work/out" --resume
  fi
  same_as_reference
  write=$((write + step))
done
[ "$failed" -gt 8 ]
echo "ok: $failed of the tries failed, each of them was taken up again"
