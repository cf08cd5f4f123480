#!/bin/sh
# compare.sh CENSUS MODEL WORK: quick censuses of the bundled model and of another one, taken here, are set side
# by side as their own files have them; what cannot be read is refused with one line and exit code 2.
. "$(dirname "$0")/support.sh"
take() {
  out=$1
  shift
  "$program" take --text "$model/text/prose" --context 64 --tokens 4000 --rounding-sample 0 --projections 0 --out "$work/$out" "$@" >/dev/null 2>&1
}
take whole --model "$model"
take upper --model "$model" --layers 2:4
other=$model/no_positions
[ -d "$other" ] || other=$model
take twin --model "$other"

"$program" compare "$work/whole" half="$work/upper" "$work/twin" --column detected_cumulative --out "$work/all.csv" --chart "$work/all.gp" \
  >"$work/stdout" 2>"$work/stderr"
[ ! -s "$work/stderr" ] # the same text: nothing to warn of
grep -Eq '^ +layer +whole +half +twin$' "$work/stdout"
grep -Eq '^ +0 +[0-9.]+ % +- +[0-9.]+ %$' "$work/stdout" # a layer that one census has not
grep -q '^detected_cumulative$' "$work/stdout"

# The table holds each census's own figures: columns are found by name in both files.
# column FILE NAME: the values of a column.
column() { awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == name) at = i; next } { print $at }' "$1"; }
for name in dead dead_share mean_frequency_alive token_detectors positional positional_corrected; do
  column "$work/all.csv" $name >"$work/compared"
  for census in whole upper twin; do column "$work/$census/layers.csv" $name; done >"$work/own"
  [ -s "$work/own" ]
  diff "$work/own" "$work/compared"
done
column "$work/all.csv" census | sort | uniq -c | tr -s ' ' >"$work/rows"
diff - "$work/rows" <<END
 2 half
 4 twin
 4 whole
END

# A point a positional neuron, before the legend, which has no axes.
points=$(sed '/^unset ylabel$/,$d' "$work/all.gp" | grep -Ec '^-?[0-9.]+ [0-9.]+$') || points=0
for census in whole upper twin; do column "$work/$census/neurons.csv" positional_corrected; done | grep -c '^1$' >"$work/positional" || true
[ "$points" -eq "$(cat "$work/positional")" ]
if command -v gnuplot >/dev/null; then
  gnuplot "$work/all.gp"
  grep -q '</svg>' "$work/all.svg"
fi

# Who is positional beyond chance is not known of nine sequences: such a census has no panel, and is named.
"$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 600 --rounding-sample 0 --projections 0 --out "$work/short" >/dev/null 2>&1
"$program" compare "$work/short" "$work/whole" --chart "$work/one.gp" >/dev/null 2>"$work/stderr"
grep -q "^warning: $work/one.gp does not show short, which does not tell who is positional beyond chance\$" "$work/stderr"
grep -q '^# Not told by the census of short\.$' "$work/one.gp"
if grep -q "^set title 'short" "$work/one.gp"; then fail "a census that does not tell its positional neurons has a panel"; fi
refused 'none.svg: would show nothing' compare "$work/short" --out "$work/none.csv" --chart "$work/none.gp"
[ ! -e "$work/none.csv" ] || fail "a comparison that failed left its table"

# Other text, or the same cut otherwise, is told.
"$program" take --model "$model" --text "$model/text/code" --context 128 --tokens 2000 --rounding-sample 0 --projections 0 --out "$work/code" >/dev/null 2>&1
"$program" compare "$work/whole" "$work/code" >/dev/null 2>"$work/stderr"
grep -q '^warning: code beside whole: the texts are not the same' "$work/stderr"
grep -q '^warning: code beside whole: context is 128 here and 64 there$' "$work/stderr"

refused 'none: there is no such folder' compare "$work/none"
mkdir "$work/empty"
refused 'empty/run.json: the file is missing' compare "$work/whole" "$work/empty"
cp -r "$work/whole" "$work/spoiled"
rm "$work/spoiled/neurons.csv"
refused 'spoiled/neurons.csv: the file is missing' compare "$work/spoiled"
cp "$work/upper/neurons.csv" "$work/spoiled/"
refused 'spoiled: layers.csv and neurons.csv are not of one census' compare "$work/spoiled"
refused 'a second census of the name whole' compare "$work/whole" whole="$work/twin"
refused 'names no census that a table could show' compare "a,b=$work/whole"
refused 'column no_such: no layers.csv here has it' compare "$work/whole" --column no_such
refused 'none/all.csv: cannot be written' compare "$work/whole" --out "$work/none/all.csv"
"$program" compare --help | grep -q -- '--chart FILE.gp'
ends 2 '' compare
