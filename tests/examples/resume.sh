#!/bin/sh
# resume.sh CENSUS MODEL WORK [TOKENS]: a census that was killed at any moment goes on to the bytes of one that was not; SIGINT takes a snapshot first and
# says how to go on; what would go on with other text, settings or a run that is not there, is told or refused.
. "$(dirname "$0")/support.sh"
tokens=${4:-24000}
context=128 texts="$model/text/prose $model/text/code" more_text= sample=0 keep=--keep-tables

take() {
  out=$1
  shift
  "$program" take --model "$model" --text $texts $more_text --context $context --tokens $tokens --ngrams 2 \
    --rounding-sample $sample $keep --out "$work/$out" "$@" >"$work/$out.stdout" 2>"$work/$out.stderr"
}
same_as_reference() {
  diff -r --exclude=run.json "$work/$reference" "$work/$1"
  [ ! -e "$work/$1/unfinished" ] && [ -z "$(find "$work/$1" -name '.*.part')" ]
}
# started OUT ARGS...: begins in the background, and waits for the first snapshot.
started() {
  out=$1
  take "$@" &
  process=$!
  while kill -0 $process 2>/dev/null && [ -z "$(find "$work/$out/unfinished" -name 'snapshot-*' 2>/dev/null)" ]; do sleep 0.02; done
}
# killed: kills the program that was started, not the shell that waits for it: once that has ended, the program has let go of its files.
killed() {
  child=$(pgrep -P $process || true)
  [ -z "$child" ] || kill -9 $child 2>/dev/null || true
  wait $process 2>/dev/null || true
}

# Killed again and again, each time later by a tenth of a second; with values before the activation function, and examples, as well.
reference=reference
take reference
for options in "" "--pre-activations --examples 3 --projections 0"; do
  [ -z "$options" ] || { reference=reference$options && take "$reference" $options; }
  out=killed$options # after take, which sets it too
  for delay in 0 0.1 0.2 0.3; do
    started "$out" $options --snapshot-every 0.03s --resume
    sleep $delay
    killed
  done
  take "$out" $options --resume
  same_as_reference "$out"
done
reference=reference

# In the smallest memory, where residual streams wait in files.
take none --threads 1 --memory 1MiB && exit 1
smallest=$(sed -n 's/.*needs at least \([0-9]*MiB\).*/\1/p' "$work/none.stderr")
started tight --threads 1 --memory "$smallest" --snapshot-every 0.03s
killed
take tight --threads 1 --memory "$smallest" --resume
same_as_reference tight

# Interrupted: within two seconds there is a snapshot, the exit code is 130, and stderr says how to go on.
started interrupted --snapshot-every 0.03s
child=$(pgrep -P $process || echo $process)
kill -INT $child
code=0
wait $process || code=$?
[ "$code" -eq 130 ]
grep -q "interrupted; a snapshot lies in .*interrupted/unfinished. To go on, give the same command with --resume" "$work/interrupted.stderr"
take interrupted && exit 1
grep -q "unfinished: holds an unfinished census; census take --resume goes on with it" "$work/interrupted.stderr"
context=64
take interrupted --resume && exit 1
grep -q "another context: it was begun with 128, and would be resumed with 64" "$work/interrupted.stderr"
context=128 more_text="$model/text/maths"
take interrupted --resume && exit 1
grep -q "another text [0-9]* of .*: it was begun with bytes of hash .*, and would be resumed without it" "$work/interrupted.stderr"
more_text=
take interrupted --resume --no-bos && exit 1
grep -q "another bos: it was begun with yes, and would be resumed with no" "$work/interrupted.stderr"
keep=
take interrupted --resume && exit 1
grep -q "another --keep-tables: it was begun with yes, and would be resumed with no" "$work/interrupted.stderr"
keep=--keep-tables
take interrupted --resume
same_as_reference interrupted

# A text that is read in another format for its new name is another text.
for file in $(find "$model/text/prose" -name '*.txt' | sort | head -n 8); do
  printf '{"text": "%s"}\n' "$(tr -d '[:cntrl:]"\\' <"$file")"
done >"$work/w.txt"
texts="$work/w.txt"
started renamed --snapshot-every 0.03s
killed
mv "$work/w.txt" "$work/w.jsonl"
texts="$work/w.jsonl"
take renamed --resume && exit 1
grep -q "another format of text 1 of 1: w: it was begun with text, and would be resumed with JSON lines" "$work/renamed.stderr"
texts="$model/text/prose $model/text/code"

# Interrupted before its first layer, there is no snapshot, and nothing half written stays.
sample=4096 take early &
process=$!
while [ -z "$(find "$work/early" -name '.*.part' 2>/dev/null)" ]; do
  kill -0 $process 2>/dev/null || fail "the census ended before it could be interrupted"
  sleep 0.02
done
kill -INT $(pgrep -P $process || echo $process)
code=0
wait $process || code=$?
[ "$code" -eq 130 ] || fail "interrupted before its first layer: exit code $code"
[ -z "$(find "$work/early" -name '.*.part')" ] || fail "half a file stays: $(ls -A "$work/early")"

# Nothing to go on with: the census begins, and says so.
take new --resume
grep -q "nothing to resume, so the census begins anew" "$work/new.stderr"
same_as_reference new
