#!/bin/sh
# ranks.sh CENSUS MODEL WORK: what several ranks take together by mpirun is, byte for byte, what one process takes; whichever of them is
# killed, they go on to the same bytes; and what is wrong one of them tells in one line, with exit code 2.
. "$(dirname "$0")/support.sh"
tokens=40000 # so that it takes long enough to be killed; fewer where nobody is
files="layers.csv neurons.csv detectors.jsonl dead_share.csv census.safetensors tokens-0.safetensors tokens-3.safetensors"
files="$files projections-0.safetensors projections-3.safetensors"

# settings OUT ARGS...: the census that all of them take.
set_census() {
  out=$work/$1
  shift
  set -- take --model "$model" --text "$model/text/prose" "$model/text/code" --context 128 --tokens $tokens --ngrams 2 --threads 1 --keep-tables \
    --out "$out" "$@"
  census=$*
}
alone() {
  set_census "$@"
  "$program" $census >"$out.stdout" 2>"$out.stderr"
}
# ranks N OUT ARGS...
ranks() {
  number=$1
  shift
  set_census "$@"
  mpirun -n "$number" "$program" $census >"$out.stdout" 2>"$out.stderr"
}
same_as_reference() {
  for file in $files; do cmp "$work/reference$2/$file" "$work/$1/$file"; done
  for run in "reference$2" "$1"; do sed '/^The results lie in/d' "$work/$run.stdout" >"$work/$run.told"; done
  cmp "$work/reference$2.told" "$work/$1.told"
  [ ! -e "$work/$1/unfinished" ] && [ -z "$(find "$work/$1" -name '.*.part')" ]
  echo "same bytes: $1"
}

for options in "--pre-activations" ""; do
  [ -z "$options" ] && tokens=40000 || tokens=12000
  alone "reference$options" $options
  ranks 2 "2-ranks$options" $options
  same_as_reference "2-ranks$options" "$options"
done
ranks 3 3-ranks
same_as_reference 3-ranks ""
grep -q '"ranks": "3"' "$work/3-ranks/run.json"

# One after another is killed, and mpirun ends the others; then all go on.
for victim in 0 1 2; do
  ranks 3 killed --snapshot-every 0.03s --resume &
  process=$! rank=
  while [ -z "$rank" ] || [ -z "$(find "$work/killed/unfinished" -name 'snapshot-*' 2>/dev/null)" ]; do
    kill -0 $process 2>/dev/null || fail "the census ended before rank $victim could be killed"
    sleep 0.02
    launcher=$(pgrep -P $process mpirun || echo $process) # the shell that waits for mpirun is not mpirun
    rank=$(pgrep -P "$launcher" | sed -n "$((victim + 1))p")
  done
  sleep 0.3
  kill -9 "$rank"
  code=0
  wait $process || code=$?
  [ "$code" -ne 0 ] || fail "rank $victim was killed, and mpirun tells nothing of it"
  flock -w 60 "$work/killed" true || fail "rank 0 still holds its folder" # mpirun does not wait for those that it kills
done
if ranks 2 killed --resume; then exit 1; fi
grep -q "another ranks: it was begun with 3, and would be resumed with 2" "$work/killed.stderr"
ranks 3 killed --resume
same_as_reference killed ""

tokens=12000
# A part of the text is taken by ranks, the other by one process, and both are merged.
ranks 2 half --part 1/2
alone other-half --part 2/2
"$program" merge "$work/half" "$work/other-half" --model "$model" --out "$work/merged" >"$work/merged.stdout" 2>"$work/merged.stderr"
alone whole --rounding-sample 0
for file in layers.csv neurons.csv detectors.jsonl census.safetensors; do cmp "$work/whole/$file" "$work/merged/$file"; done

# What is wrong is told once.
: >"$work/a-file" # where a folder should be made
for wrong in "wrong --layers 7:9" "wrong --text $work/none.txt" "wrong --memory 1MiB" "wrong --precision half" a-file; do
  code=0
  ranks 3 $wrong || code=$?
  grep "^\(rank [0-9]*: \)\?census" "$out.stderr" >"$work/told" || true
  [ "$code" -eq 2 ] && [ "$(wc -l <"$work/told")" -eq 1 ] || { cat "$out.stderr"; exit 1; }
done
mkdir "$work/foreign"
echo mine >"$work/foreign/layers.csv"
code=0
ranks 3 foreign --text "$work/none.txt" || code=$? # before any rank reads texts
[ "$code" -eq 2 ] && grep -q "foreign/layers.csv: is in the way" "$work/foreign.stderr" || fail "a file in the way of ranks"
code=0
mpirun -n 2 "$program" compare "$work/half" "$work/other-half" 2>"$work/compare.stderr" || code=$?
[ "$code" -eq 2 ] && [ "$(grep -c "only census take does its work in several" "$work/compare.stderr")" -eq 1 ]

# What is asked for beside work is told once, and no error.
for asked in --help --version "take --help" "compare --help"; do
  "$program" $asked >"$work/asked-of-one"
  mpirun -n 2 "$program" $asked >"$work/asked-of-two"
  cmp "$work/asked-of-one" "$work/asked-of-two"
done

# Ranks that are told different folders are refused, and leave none.
set_census one-place
one=$census
set_census another-place
code=0
mpirun -n 1 "$program" $one : -n 1 "$program" $census 2>"$work/places.stderr" || code=$?
[ "$code" -eq 2 ] && grep -q "rank 1: has another --out than rank 0: $work/another-place, not $work/one-place" "$work/places.stderr"
[ ! -e "$work/one-place" ] && [ ! -e "$work/another-place" ] || fail "refused ranks left a folder"
