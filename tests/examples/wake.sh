#!/bin/sh
# wake.sh CENSUS MODEL WORK: the verdicts of `census wake` add up, do not depend on threads, and bad input is told in one line.
. "$(dirname "$0")/support.sh"
text=$model/text/prose/persuasion__chapter_01.txt
quick="--tokens 2000 --rounds 2 --proposals 300 --shuffles 1 --layers 0:2"

"$program" wake --help | grep -q 'provably dead' || fail "--help does not explain"
"$program" wake --model "$model" --text "$text" --out "$work/one" $quick --threads 1 > "$work/table"
"$program" wake --model "$model" --text "$text" --out "$work/two" $quick --threads 2 > /dev/null
cmp "$work/one/awakened.jsonl" "$work/two/awakened.jsonl" || fail "awakenings depend on threads"
cmp "$work/one/silent_neurons.csv" "$work/two/silent_neurons.csv" || fail "verdicts depend on threads"
grep -q '"rounds": "2"' "$work/one/wake.json" || fail "wake.json does not tell of the search"
"$program" wake --model "$model" --text "$text" --out "$work/two" $quick --threads 2 > /dev/null 2> "$work/stderr" # its own files are replaced
[ "$(grep -c 'still silent' "$work/stderr")" -le 3 ] || fail "a line a round is told"

cat "$work/table"
verdicts() { grep -c ",$1," "$work/one/silent_neurons.csv" || true; }
sum() { awk -v c="$1" 'NR > 1 && NF == 9 { s += $c } END { print s + 0 }' "$work/table"; }
[ "$(sum 3)" -eq $(($(wc -l < "$work/one/silent_neurons.csv") - 1)) ] || fail "not every silent neuron has a row"
[ "$(sum 4)" -eq "$(verdicts 'provably dead')" ] || fail "the provably dead differ"
[ "$(sum 5)" -eq "$(verdicts awakened)" ] || fail "the awakened differ"
[ "$(sum 5)" -eq "$(wc -l < "$work/one/awakened.jsonl")" ] || fail "not every awakened neuron has its ids"
[ "$(sum 6)" -eq "$(verdicts neither)" ] || fail "the others differ"
[ "$(sum 5)" -gt 0 ] || fail "2,000 tokens leave neurons silent that are easily awakened"

for option in --shuffles --rounds --seed --proposals; do # -1 is not 2^64 - 1
  ends 2 "$option: should be a whole number" wake --model "$model" --text "$text" --out "$work/bad" "$option" -1
done
ends 2 'nowhere' wake --model "$model" --text "$text" --out "$work/bad" --census "$work/nowhere" $quick

# --census takes a finished census of this very model alone.
"$program" take --model "$model" --text "$text" --tokens 2000 --layers 0:2 --rounding-sample 0 --out "$work/census" >/dev/null 2>&1
[ ! -d "$model/no_positions" ] || ends 2 'census: is not a census of this model: the models differ: model.safetensors is not the same file' wake \
  --model "$model/no_positions" --text "$text" --out "$work/bad" --census "$work/census" $quick
cp -r "$work/census" "$work/unfinished"
mv "$work/unfinished/run.json" "$work/unfinished/unfinished-run.json"
ends 2 'unfinished/run.json: the file is missing' wake --model "$model" --text "$text" --out "$work/bad" --census "$work/unfinished" $quick
ends 0 '' wake --model "$model" --text "$text" --out "$work/three" --census "$work/census" $quick
