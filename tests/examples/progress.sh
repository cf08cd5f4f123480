#!/bin/sh
# progress.sh CENSUS MODEL WORK: on a terminal, all that takes long tells how far it is, and each layer is printed as soon as it is finished.
. "$(dirname "$0")/support.sh"
texts="prose=$model/text/prose code=$model/text/code"
lines=$work/stderr # what a terminal shows; fail shows it, too
# on_a_terminal ARGS...: what the program shows on one, a line for each that was put in the place of another.
on_a_terminal() {
  TERM=${kind-xterm} script -qec "$program $*" "$work/typescript" </dev/null >/dev/null || fail "$*"
  tr '\r' '\n' <"$work/typescript" | sed "s/$(printf '\033')\[\(K\|?7[lh]\)//g" >"$lines"
}
told() { grep -Eq "$1" "$lines" || fail "not told: $1"; }
# before A B: the first line like A comes before the first like B.
before() {
  told "$1"
  told "$2"
  [ "$(grep -nE "$1" "$lines" | head -n 1 | cut -d: -f1)" -lt "$(grep -nE "$2" "$lines" | head -n 1 | cut -d: -f1)" ] ||
    fail "/$1/ is not before /$2/"
}

if ! command -v script >/dev/null; then
  echo "SKIPPED: there is no program script, which stands in for a terminal"
  exit 0
fi

# One thread, and so much text that each step takes longer than a line waits to be rewritten, 0.2 s: statistics 0.3 s a layer.
tokens=20000
while :; do
  on_a_terminal take --model "$model" --text $texts --context 128 --tokens $tokens --threads 1 --keep-state --examples $((tokens / 20000)) \
    --rounding-sample $((tokens / 5000)) --out "$work/census"
  [ $tokens -lt 160000 ] && awk '/"statistics":/ { exit !($2 < 1.2) }' "$work/census/run.json" || break
  tokens=$((2 * tokens))
done
told '^a sample in double precision: [0-9]+ of [0-9]+ sequences x layers, .* a second'
told '^layer 0: statistics, [0-9]+ s'
told '^layer [0-3]: [0-9]+ of [0-9]+ tokens x layers, [0-9]+ a second, .* left$'
told '^layer 3: statistics, [0-9]+ s: .* left$'
before '^ +0 +2048 +[0-9]+ +[0-9.]+ % ' '^layer 1: '
before '^ +3 +2048 +[0-9]+ +[0-9.]+ % ' '^layer  token detectors'
[ "$(grep -cE '^ +[0-3] +2048 ' "$lines")" -eq 4 ] || fail "not each layer is printed once"

on_a_terminal export "$work/census" --to openai --out "$work/records"
told '^exporting: [0-9]+ of 8192 neurons, [0-9.]+ a second, .* left$'

on_a_terminal merge "$work/census" --threads 1 --out "$work/merged"
told '^layer [0-3]: statistics, [0-9]+ s: [1-3] of 4 layers, [0-9.e-]+ a second, .* left$'
before '^ +0 +2048 +[0-9]+ +[0-9.]+ % ' '^layer 1: '

on_a_terminal wake --model "$model" --text $texts --tokens $((3 * tokens / 10)) --threads 1 --rounds 2 --proposals 300 --shuffles 1 --layers 0:2 --out "$work/woken"
told '^layer [01]: [0-9]+ of [0-9]+ tokens x layers, .* left$'
told '^(single token|shuffled text 1 of 1|swaps [12] of 2), [0-9]+ still silent: .* tokens x layers, .* a second'

# A terminal that knows no escape sequences gets none.
kind=dumb on_a_terminal take --model "$model" --text $texts --context 128 --tokens 4000 --out "$work/dumb"
if grep -q "$(printf '\033')" "$work/typescript"; then fail "escape sequences on a terminal that knows none"; fi
