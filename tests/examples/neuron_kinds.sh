#!/bin/sh
# neuron_kinds.sh CENSUS MODEL WORK: the small model beside the bundled one has the paper's kinds of neurons at once, in its first layer, on
# text that it was not trained on: token detectors that frequent tokens support, positional neurons of three types, dead neurons; of each
# detector, layers.csv and detectors.jsonl tell whether it suppresses its triggers, against both nulls.
. "$(dirname "$0")/support.sh"
set --
for domain in "$model"/text/*/; do set -- "$@" --text "$domain"; done
"$program" take --model "$model/neuron_kinds" "$@" --context 256 --layers 0:1 --ngrams 2 --rounding-sample 0 --projections 0 \
  --out "$work/census" >"$work/stdout" 2>"$work/stderr"

# column NAME: the value of layers.csv in its only row.
column() {
  awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == name) at = i } NR == 2 { print $at }' "$work/census/layers.csv"
}
detectors=$(column token_detectors) supported=$(column token_detectors_supported) surely=$(column token_detectors_surely)
cat "$work/stdout"
[ "$supported" -ge 10 ] || fail "$supported supported token detectors"
[ "$surely" -ge 4 ] || fail "$surely that surely are"
[ "$(grep -c '"n":1,' "$work/census/detectors.jsonl")" -eq "$detectors" ] || fail "detectors.jsonl tells of others than layers.csv"
[ "$(column triggers_suppressing)" -le "$detectors" ] || fail "more suppress their triggers than there are"
for null in triggers_null_percentile triggers_below_null triggers_below_others; do
  [ -n "$(column $null)" ] || fail "$null is not known"
done

types=0 positional=0
for type in other one_extreme both_extremes oscillatory; do
  count=$(column "positional_$type")
  [ "$count" -eq 0 ] || types=$((types + 1))
  positional=$((positional + count))
done
[ "$types" -ge 3 ] || fail "positional neurons of $types types"
[ "$positional" -eq "$(column positional_corrected)" ] || fail "the types count other neurons than positional_corrected"
[ "$(column positional_surely)" -ge 5 ] || fail "$(column positional_surely) that surely are positional"
[ "$(column dead)" -ge 100 ] || fail "$(column dead) dead neurons"
