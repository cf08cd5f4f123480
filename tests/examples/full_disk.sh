#!/bin/sh
# full_disk.sh CENSUS MODEL WORK: a disk that is full from some write on ends a census with exit code 2 and one line, leaves no half file and
# the last snapshot whole, so that --resume gives the bytes of a run that nothing stopped. Of the run's writes (a file made, written to, brought
# to the disk or renamed) some 12 are the first to fail; with CENSUS_EVERY_WRITE=1 in the environment, of each file the first, the middle and
# the last of each kind.
. "$(dirname "$0")/support.sh"
cc -shared -fPIC -O1 -o "$work/failing_writes.so" "$(dirname "$0")/failing_writes.c" -ldl

take() {
  out=$1
  shift
  "$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 12000 --ngrams 2 --rounding-sample 0 --keep-tables \
    --threads 1 --snapshot-every 0.02s --out "$out" "$@" >"$work/stdout" 2>"$work/stderr"
}
failing_from() { # "NUMBER ACTION FILE" COMMAND...
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
failing_from "" take "$work/out"
same_as_reference

# "NUMBER ACTION FILE" of the writes that are to fail.
awk '{ last = $1; $1 = ""; print 1 $0; if (last > 2) print int((last + 1) / 2) $0; if (last > 1) print last $0 }' "$work/count" >"$work/writes"
writes=$(wc -l <"$work/writes")
[ "$writes" -gt 40 ]
step=1
[ -n "${CENSUS_EVERY_WRITE-}" ] || step=$((writes / 12))
failed=0
awk -v step="$step" 'NR % step == 0' "$work/writes" >"$work/chosen"
while read -r write; do
  rm -rf "$work/out"
  mkdir "$work/out"
  code=0
  failing_from "$write" take "$work/out" </dev/null || code=$?
  if [ "$code" -ne 0 ]; then
    failed=$((failed + 1))
    if [ "$code" -ne 2 ] || ! tail -n 1 "$work/stderr" | grep -q "^census take: .*No space left on device"; then
      echo "FAILED: from write $write on, exit code $code:"
      cat "$work/stderr"
      exit 1
    fi
    find "$work/out" -name '*.part' | grep . && exit 1
    take "$work/out" --resume </dev/null
  fi
  same_as_reference
done <"$work/chosen"
[ "$failed" -gt 8 ]
echo "ok: $failed of $(wc -l <"$work/chosen") tries failed, each of them was taken up again"
