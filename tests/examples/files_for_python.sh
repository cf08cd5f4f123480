#!/bin/sh
# files_for_python.sh CENSUS MODEL WORK: writes to WORK what open_files_test.py opens, every kind of file that census writes.
. "$(dirname "$0")/support.sh"
texts="prose=$model/text/prose/persuasion__chapter_01.txt code=$model/text/code"
cut="--context 64 --tokens 6000"
"$program" take --model "$model" --text $texts $cut --keep-tables --keep-state --pre-activations --examples 2 --out "$work/census" >"$work/stdout"
"$program" record --model "$model" --text $texts --context 64 --tokens 640 --layers 0:2 --values activations --out "$work/recorded"
"$program" wake --model "$model" --text $texts $cut --layers 0:2 --rounds 1 --proposals 200 --shuffles 0 --out "$work/woken"
long=$(printf 'checkpoint-%.0s' 1 2 3 4 5 6 7) # longer than any word that census writes
"$program" compare "first=$work/census" "NA=$work/census" "$long=$work/census" --out "$work/compared.csv" >"$work/stdout"
