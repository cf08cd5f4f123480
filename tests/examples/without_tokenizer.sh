#!/bin/sh
# without_tokenizer.sh CENSUS MODEL WORK: a model's folder without tokenizer files takes token ids, and names tokens by them; texts it refuses.
set -eu
program=$1 model=$2 work=$3
rm -rf "$work"
mkdir -p "$work/model"
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

"$program" take --model "$work/model" --text "$work/ids.npy" --context 128 --out "$work/out" >"$work/stdout" 2>"$work/stderr"
grep -q '^600 tokens\|^60[0-9] tokens' "$work/stderr" || { echo "not all ids were read: $(head -1 "$work/stderr")"; exit 1; }
grep -Eq 'fires on .*"<[0-9]+>"' "$work/stdout" || { echo "tokens are not named by their ids:"; cat "$work/stdout"; exit 1; }

echo text >"$work/text.txt"
code=0
"$program" take --model "$work/model" --text "$work/text.txt" --out "$work/out" >/dev/null 2>"$work/refusal" || code=$?
[ "$code" -eq 2 ] || { echo "a text without a tokenizer ended with exit code $code"; exit 1; }
[ "$(wc -l <"$work/refusal")" -eq 1 ] && grep -q 'text.txt.*tokenizer' "$work/refusal" || { echo "the refusal names not what and why:"; cat "$work/refusal"; exit 1; }
