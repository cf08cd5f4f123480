#!/bin/sh
# texts.sh CENSUS MODEL WORK: what people give as texts and tokenizers is read as it is meant, or refused by name; what is passed over is told.
. "$(dirname "$0")/support.sh"
text=$model/text/prose/persuasion__chapter_01.txt

# take OUT ARGS...: a census of short sequences, its stderr in $work/stderr.
take() {
  out=$work/$1
  shift
  "$program" take --context 64 --ngrams 1 --rounding-sample 0 --projections 0 --out "$out" "$@" >"$work/stdout" 2>"$work/stderr"
}
# The dead neurons of each layer, on one line.
dead() { awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "dead") at = i; next } { printf "%s%s", (NR > 2 ? " " : ""), $at } END { print "" }' "$work/$1/layers.csv"; }

# BOS is the tokenizer's, whatever config.json says, and that is told.
mkdir "$work/model"
cp "$model/model.safetensors" "$model/vocab.json" "$model/merges.txt" "$work/model/"
sed 's/"bos_token_id": 2/"bos_token_id": 0/' "$model/config.json" >"$work/model/config.json"
take by_config --model "$work/model" --text "$text"
[ "$(dead by_config)" = "9 806 529 146" ] || fail "BOS 0: $(dead by_config) are dead"
echo '{"bos_token": "</s>", "add_bos_token": true}' >"$work/model/tokenizer_config.json"
take by_tokenizer --model "$work/model" --text "$text"
[ "$(dead by_tokenizer)" = "11 281 96 42" ] || fail "BOS 2: $(dead by_tokenizer) are dead"
grep -q 'ignored: 1 settings.*bos_token_id is 0.*is 2, which is taken' "$work/stderr" || fail "nothing tells that config and tokenizer disagree"
grep -q '"bos_id": "2"' "$work/by_tokenizer/run.json" || fail "run.json does not hold the BOS"
"$program" compare "$work/by_config" "$work/by_tokenizer" >/dev/null 2>"$work/stderr"
grep -q 'the BOS is token 2 here and 0 there' "$work/stderr" || fail "compare does not tell that the BOS differ"
if take strict --strict --model "$work/model" --text "$text"; then fail "a strict run takes settings that disagree"; fi
echo '{"bos_token": "</s>", "add_bos_token": false}' >"$work/model/tokenizer_config.json"
take without --model "$work/model" --text "$text"
grep -q '"bos": "no"' "$work/without/run.json" || fail "add_bos_token false is not honoured"

# Rows of ids as tokenizers make them: 24 rows of 128, BOS first, every other one padded at its end.
{
  printf '\223NUMPY\001\000\166\000'
  printf "%-117s\n" "{'descr': '<u2', 'fortran_order': False, 'shape': (24, 128), }"
  awk 'BEGIN { for (row = 0; row < 24; ++row) for (i = 0; i < 128; ++i) { id = i == 0 ? 2 : row % 2 && i > 100 ? 1 : 4 + (row * 131 + i * 17) % 200; printf "%03o\n", id } }' |
    while read -r octal; do printf "\\$octal\\000"; done
} >"$work/rows.npy"
"$program" take --context 128 --ngrams 1 --rounding-sample 0 --projections 0 --model "$model" --text "$work/rows.npy" --out "$work/rows" >/dev/null 2>"$work/stderr"
grep -q 'in 24 sequences of 24 documents' "$work/stderr" || fail "rows of ids are not one sequence each"
grep -q 'ignored: 24 BOS' "$work/stderr" && grep -q 'ignored: 324 pads' "$work/stderr" || fail "BOS and pads of rows are not told"

# A text of many documents is split; a mark that is nowhere is refused.
{ cat "$text"; echo '<|end|>'; cat "$text"; echo '<|end|>'; } >"$work/many.txt"
take split --model "$model" --text "$work/many.txt" --split '<|end|>'
grep -q 'of 2 documents' "$work/stderr" || fail "a text is not split at its mark"
grep -q "split 2 times at '<|end|>', in 1 text" "$work/stderr" || fail "nothing tells how often the text was split"
grep -q '"split": "<|end|>"' "$work/split/run.json" && grep -q '"splits": 2' "$work/split/run.json" || fail "run.json does not tell how the text was split"
if take nowhere --model "$model" --text "$text" --split '<|end|>'; then fail "a mark that is in no text is taken"; fi
grep -q 'split at "<|end|>": it is in no text' "$work/stderr" || fail "a mark that is in no text is not named"

# A missing TMPDIR does not matter to a text of a few kB.
TMPDIR=/no/such take small --model "$model" --text "$text" || fail "a small text needs TMPDIR"

# A folder of data: what is no text is named.
mkdir "$work/data"
cp "$text" "$work/data/a.txt"
echo '{"text": "one document"}' >"$work/data/b.JSONL"
: >"$work/data/empty.txt"
: >"$work/data/c.parquet"
cp "$text" "$work/data/._a.txt"
take data --model "$model" --text "$work/data"
for kind in '1 hidden files' '1 files that are no text' '1 files in folders that cannot be read'; do
  grep -q "ignored: $kind" "$work/stderr" || fail "not told: $kind"
done
grep -q 'of 2 documents' "$work/stderr" || fail "not the two documents of the folder are read"
