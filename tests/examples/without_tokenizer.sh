#!/bin/sh
# without_tokenizer.sh CENSUS MODEL WORK: a model's folder without tokenizer files takes token ids, and names tokens by them; texts it refuses.
. "$(dirname "$0")/support.sh"
mkdir "$work/model"
cp "$model/config.json" "$model/model.safetensors" "$work/model/"

# Two documents of 300 ids each, uint16, ids 4 to 40 in turn.
{
  printf '\223NUMPY\001\000\166\000'
  printf "%-117s\n" "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 300), }"
  i=0
  while [ $i -lt 600 ]; do
    printf "\\$(printf %03o $((4 + i % 37)))\\000"
    i=$((i + 1))
  done
} >"$work/ids.npy"

ends 0 '^60[0-9] tokens' take --model "$work/model" --text "$work/ids.npy" --context 128 --rounding-sample 0 --out "$work/out"
grep -Eq 'fires on .*"<[0-9]+>"' "$work/stdout" || fail "tokens are not named by their ids: $(cat "$work/stdout")"

echo text >"$work/text.txt"
refused 'text.txt.*tokenizer' take --model "$work/model" --text "$work/text.txt" --out "$work/out"
