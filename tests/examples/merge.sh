#!/bin/sh
# merge.sh CENSUS MODEL WORK: parts of a text, merged in any order and grouping, are byte for byte the census of the whole; censuses that
# keep no states give what their counts tell; what was counted twice, or cannot be added, is refused by name.
. "$(dirname "$0")/support.sh"
cd "$work"

# Two domains of some short documents each, one of them a .txt that is split.
for i in 1 2 3 4 5 6 7; do
  for name in prose code; do
    file=$(find "$model/text/$name" -name '*.txt' | sort | sed -n "${i}p")
    head -c $((400 + 200 * i)) "$file"
    printf '\n<|end|>\n'
  done >"$work/$i"
  head -c $((500 + 200 * (i % 3))) "$(find "$model/text/maths" -name '*.txt' | sort | sed -n "${i}p")" >"$work/$i.txt"
done
cat "$work"/[1-7] >"$work/mixed.txt"
mkdir "$work/maths"
mv "$work"/[1-7].txt "$work/maths/"

# take OUT ARGS...
context=32
take() {
  out=$1
  shift
  "$program" take --model "$model" --text "$work/mixed.txt" "$work/maths" --split '<|end|>' --context $context --out "$work/$out" "$@" \
    >"$work/$out.stdout" 2>"$work/stderr" || fail "take $*"
}
# merge OUT FOLDERS...
merge() {
  out=$1
  shift
  "$program" merge "$@" --out "$out" >"$out.stdout" 2>stderr || fail "merge $*"
}
# same A B: all files but states are the same bytes, and run.json but for times.
same() {
  for file in "$work/$1"/*; do
    name=$(basename "$file")
    case $name in
    run.json | state-*) ;;
    *) cmp "$file" "$work/$2/$name" || fail "$2/$name is not that of $1" ;;
    esac
  done
  if command -v python3 >/dev/null; then
    python3 - "$work/$1/run.json" "$work/$2/run.json" <<'END' || fail "$2/run.json is not that of $1"
import json, sys
one, other = (json.load(open(path)) for path in sys.argv[1:])
for run in one, other:
    run["seconds"] = run["peak_memory_bytes"] = None
    run["settings"]["threads"] = run["settings"]["memory"] = None
    run["files"] = [name for name in run["files"] if not name.startswith("state-")]
sys.exit([f"{key}: {one.get(key)} / {other.get(key)}" for key in {*one, *other} if one.get(key) != other.get(key)] or 0)
END
  fi
  sed '/^The results lie in/d' "$work/$1.stdout" >"$work/expected.stdout"
  sed '/^The results lie in/d' "$work/$2.stdout" | diff "$work/expected.stdout" - || fail "$2 prints something else than $1"
}

for ngrams in 3 1; do
  settings="--ngrams $ngrams --rounding-sample 0"
  [ "$ngrams" -eq 3 ] || settings="$settings --tokens 3000 --pre-activations --layers 1:3 --examples 3 --example-bins 2 --projections 3"
  take "whole$ngrams" $settings --keep-tables
  settings=$(echo "$settings" | sed 's/--rounding-sample 0//')
  for part in 1 2 3; do take "p$part-$ngrams" $settings --part "$part/3" --threads "$part"; done
  merge "m$ngrams" "p1-$ngrams" "p2-$ngrams" "p3-$ngrams" --keep-tables
  same "whole$ngrams" "m$ngrams"
  merge "two$ngrams" "p3-$ngrams" "p1-$ngrams" --keep-state
  merge "m$ngrams" "p2-$ngrams" "two$ngrams" --keep-tables --memory 256MiB
  same "whole$ngrams" "m$ngrams"
  [ ! -e "$work/two$ngrams/unfinished" ] || fail "merge left something behind"
done
take h1-3 --ngrams 3 --part 1/2
take h2-3 --ngrams 3 --part 2/2
merge m3 h2-3 h1-3 --keep-tables
same whole3 m3

# A part need not tell what neurons promote: the one that tells more says what the whole does.
take none-3 --ngrams 3 --part 2/2 --projections 0
[ ! -e "$work/none-3/projections-0.safetensors" ] || fail "projections are told that nobody asked for"
merge m3 none-3 h1-3 --keep-tables
same whole3 m3

# What would be counted twice, or is of something else, is refused; so is an --out that is read.
ends 2 'p1-3: would count twice what h1-3 counts, too: documents 0, 6, 12, 18 of mixed \(.*mixed.txt\), maths \(.* and more' merge h1-3 p1-3 --out m
ends 2 'no-census: there is no such folder' merge p1-3 no-census --out m
ends 2 'would count twice what p1-3 counts, too' merge p1-3 p1-3 --out m
ends 2 'would count twice what p2-3 counts' merge p2-3 two3 p2-3 --out m
ends 2 'ngrams is 3 here and 1 there' merge p1-3 p2-1 --out m
context=16
take other --ngrams 3 --part 2/3
ends 2 'context is 32 here and 16 there' merge p1-3 other --out m
ends 2 'p1-3: is one of the censuses to merge' merge p2-3 p1-3 --out p1-3
ends 2 'no-model: the model is not there' merge p1-3 p2-3 --out m --model no-model
printf '{"text": "one"}\n{"text": "two"}\n' >lines.txt # read as text, and as lines
cp lines.txt lines.jsonl
for file in txt jsonl; do
  "$program" take --model "$model" --text lines.$file --ngrams 1 --rounding-sample 0 --out as-$file >/dev/null 2>&1
done
ends 2 'documents of lines \(lines.txt\), which are .*: one census read them as text, the other \(lines.jsonl\) as JSON lines' \
  merge as-txt as-jsonl --out m
mkdir "$work/foreign"
for name in layers.csv state-1.safetensors; do
  echo mine >"$work/foreign/$name"
  ends 2 "foreign/$name: is in the way" merge p1-3 p2-3 --keep-state --out foreign --model no-model
  rm "$work/foreign/$name"
done
mkdir "$work/another"
cp "$model"/config.json "$model"/vocab.json "$model"/merges.txt "$model"/model.safetensors "$work/another/"
printf ' ' >>"$work/another/config.json"
ends 2 'another: is not the model that the censuses are of: .*config.json is not the same file' merge p1-3 p2-3 --out m --model another
ends 2 '--part 4/3: should read I/N' take --model "$model" --text mixed.txt --out m --part 4/3
take of-300 --ngrams 3 --part 1/300 # other documents, of parts that no number tells together
take of-299 --ngrams 3 --part 2/299
ends 2 'of-299: cannot be merged with those before it: .*parts of 300 and of 299 are too different' merge of-300 of-299 --out m
ends 2 '--rounding-sample 2: is a sample of the whole text' take --model "$model" --text mixed.txt --out m --part 1/3 --rounding-sample 2
ends 2 'no document of this part of the text' take --model "$model" --text maths/1.txt --out m --part 2/2
cp -r "$work/p2-1" "$work/mixed-up" # files of parts have the same names
cp "$work/p3-1/state-1.safetensors" "$work/mixed-up/"
ends 2 'mixed-up/state-1.safetensors: is not of the text that state-text' merge p1-1 mixed-up --out m
cp "$work"/p3-1/state-*.safetensors "$work/mixed-up/"
ends 2 'state-text.safetensors: those of the censuses hold [0-9]+ tokens' merge p1-1 mixed-up --out m
"$program" take --model "$model/checkpoints/8M" --text mixed.txt maths --split '<|end|>' --context 32 --ngrams 3 --part 2/3 --out of-8M >/dev/null 2>&1
rm -r mixed-up
cp -r "$work/p2-3" mixed-up # another model of the same shape, on the same text
cp of-8M/state-1.safetensors mixed-up/
ends 2 'state-1.safetensors: those of the censuses hold other firings than their census.safetensors tell of' merge p1-3 mixed-up --out m
rm "$work/p3-3/state-1.safetensors"
ends 2 'p3-3/state-1.safetensors: ' merge p1-3 p2-3 p3-3 --out m
[ ! -e "$work/m/run.json" ] || fail "a merge that failed left results"
ends 2 'p3-3/state-1.safetensors: ' merge p1-3 p2-3 p3-3 --keep-state --out failed # once layer 0 is there
[ ! -e "$work/failed" ] || fail "a merge that failed left states"

# A census that is not finished keeps its folder, and what it will go on with.
mkdir -p "$work/begun/unfinished"
for name in snapshot-3 state-0 state-text; do echo "of the census" >"$work/begun/unfinished/$name.safetensors"; done
cp -r "$work/begun" "$work/begun.before"
for states in "" --keep-state; do
  ends 2 'begun/unfinished: holds an unfinished census; census take --resume goes on with it' merge p1-3 p2-3 $states --out begun
  diff -r "$work/begun" "$work/begun.before" || fail "a merge changed an unfinished census"
done
rm "$work/begun/unfinished/snapshot-3.safetensors" # what a census leaves that was killed before its first snapshot
merge begun p1-3 p2-3 --keep-state
[ "$(cat "$work/begun/unfinished/state-0.safetensors")" = "of the census" ] || fail "a merge changed another census's states"

# Without states: counts are added, of any texts, and the rest is empty and named.
quick() { "$program" take --model "$model" --ngrams 1 --rounding-sample 0 "$@" >/dev/null 2>&1; }
quick --text "$work/mixed.txt" --split '<|end|>' --context 32 --out "$work/a"
quick --text "$work/maths" --context 32 --out "$work/b"
ends 2 'split is ' merge a b --out m
quick --text code="$model/text/code" --tokens 2000 --context 32 --out "$work/c"
merge counts b c
grep -q '^left out.*neurons promote (projections)' "$work/stderr" || fail "what was left out is not told"
[ ! -e "$work/counts/projections-0.safetensors" ] || fail "counts tell what neurons promote"
ends 2 'needs states, but b keeps no states' merge b c --keep-state --out m
ends 2 '--model: needs states, but b keeps no states' merge b c --model "$model" --out m
ends 2 '--memory: needs states, but b keeps no states' merge b c --memory 4GiB --out m
ends 2 'not all of the censuses keep tables by token' merge b c --keep-tables --out m
cp -r "$work/b" "$work/gone"
sed 's/"files": \[/&"tokens-1.safetensors", /' "$work/b/run.json" >"$work/gone/run.json"
ends 2 'gone/tokens-1.safetensors: is missing, though run.json lists it' merge gone c --out m
cp -r "$work/b" "$work/untold" # as of a recording, or of another program, that tells no texts
sed '/^  "texts": \[$/,/^  \],$/c\  "texts": [],' "$work/b/run.json" >"$work/untold/run.json"
ends 2 './untold: would count twice what untold counts, too: it is the same folder' merge untold ./untold --out m
cp -r "$work/untold" "$work/again"
for other in again b; do
  ends 2 "$other: would count twice what untold counts, too: every count of the two is the same" merge untold $other --out m
done
ends 0 'warning: untold: its run.json tells no texts, so nothing says' merge untold c --out of-untold
quick --text "$work/maths" --context 32 --keep-tables --out "$work/tables"
cp "$work/tables/tokens-0.safetensors" "$work/tables/tokens-1.safetensors"
ends 2 'tables/tokens-1.safetensors: is of another layer, or of another census' merge tables c --out m
if command -v python3 >/dev/null; then
  python3 - "$work" <<'END' || fail "counts are not added"
import csv, sys
rows = [[row for row in csv.DictReader(open(f"{sys.argv[1]}/{name}/neurons.csv"))] for name in ("b", "c", "counts")]
for b, c, both in zip(*rows):
    assert int(both["firings"]) == int(b["firings"]) + int(c["firings"]), both
    assert both["cover_unigram"] == "" and both["token_detector"] == "" and both["mutual_information"] != ""
layers = [row for row in csv.DictReader(open(f"{sys.argv[1]}/counts/layers.csv"))]
assert all(row["token_detectors"] == "" and row["positional"] != "" for row in layers)
assert all(row["full_sequences"] != "0" and row["full_sequences_inside"] == row["team_neurons"] == "" for row in layers)
END
fi
