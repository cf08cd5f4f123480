#!/bin/sh
# report.sh CENSUS MODEL WORK: pages of quick censuses of the bundled model are whole, the same bytes each time, and name nothing
# outside themselves; figures appear as files; what cannot be read or written is refused with one line, and nothing is left. How a page
# looks and is worked with: report_page.py.
. "$(dirname "$0")/support.sh"
"$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 4000 --rounding-sample 0 --out "$work/whole" >/dev/null 2>&1
"$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 4000 --rounding-sample 0 --projections 0 --layers 2:4 --out "$work/upper" >/dev/null 2>&1

if ! command -v gnuplot >/dev/null; then
  refused 'gnuplot' report "$work/whole" --out "$work/none.html"
  echo "without gnuplot there is nothing more to see"
  exit 0
fi

"$program" report "$work/whole" half="$work/upper" --out "$work/two.html" --figures "$work/figures" >"$work/stdout" 2>"$work/stderr"
grep -q "^The report lies in $work/two.html: open it in a browser$" "$work/stdout"
grep -q "^The figures lie in $work/figures, as SVG and PNG$" "$work/stdout"
"$program" report "$work/whole" half="$work/upper" --out "$work/again.html" >/dev/null 2>&1
cmp "$work/two.html" "$work/again.html"

# The paper's figures, each in both formats; those that cannot be drawn are told.
[ "$(find "$work/figures" -name '*.svg' | wc -l)" -ge 8 ] || fail "too few figures"
for figure in "$work"/figures/*.svg; do
  grep -q '</svg>' "$figure"
  head -c 8 "${figure%.svg}.png" | od -An -c | grep -q 'P   N   G'
done
if told | grep -v '^not drawn: .*: ' | grep -q .; then fail "more on stderr than what is not drawn"; fi

# One file, that names nothing outside; beside the data, all of it is the program's own.
"$program" report "$work/whole" --out "$work/one.html" >/dev/null 2>&1
[ "$(wc -c <"$work/one.html")" -lt 5000000 ] || fail "the page has 5 MB or more"
grep -v 'id="data"' "$work/one.html" >"$work/one.text"
grep -v 'id="data"' "$work/two.html" | cmp - "$work/one.text"
if sed 's,http://www.w3.org/2000/svg,,; s/http-equiv//' "$work/one.text" | grep -Ei 'http|src="|url\(|@import|<link'; then
  fail "something outside is named"
fi

# A figure that others left there, and that this report does not draw, is named.
echo "of others" >"$work/figures/figure_9.svg"
"$program" report "$work/whole" --out "$work/one.html" --figures "$work/figures" >/dev/null 2>"$work/stderr"
grep -q "^warning: $work/figures/figure_9.svg is there, and not of this report$" "$work/stderr"
[ "$(grep -c '^warning:' "$work/stderr")" -eq 1 ] || fail "figures of this report are called another's"

# A file in a figure's way that no report wrote stays.
mkdir "$work/others"
echo mine >"$work/others/figure_1.png"
refused 'others/figure_1.png: is in the way' report "$work/whole" --out "$work/none.html" --figures "$work/others"
[ "$(cat "$work/others/figure_1.png")" = mine ] && [ "$(ls -A "$work/others" | wc -l)" -eq 1 ] || fail "a foreign figure is not as it was"

ends 2 'examples: should be a whole number from 0' report "$work/whole" --examples -1 --out "$work/none.html"
refused '^census report: : names no file$' report "$work/whole" --out ''
refused 'none: there is no such folder' report "$work/none" --out "$work/none.html"
refused 'two.html/none.html: cannot be written' report "$work/whole" --out "$work/two.html/none.html"
refused 'neurons.csv: has the name of a census' report "$work/whole" --out "$work/neurons.csv"
refused 'a second census of the name whole' report "$work/whole" whole="$work/upper" --out "$work/none.html"
ln -s "$work/one.text" "$work/link.html"
refused 'link.html: is a link' report "$work/whole" --out "$work/link.html"
refused 'one.text: the folder cannot be made' report "$work/whole" --out "$work/none.html" --figures "$work/one.text"
cp -r "$work/whole" "$work/spoiled"
echo '{"layer": 0, "neuron": 0}' >"$work/spoiled/detectors.jsonl"
refused 'spoiled/detectors.jsonl, line 1: is no line of a detector' report "$work/spoiled" --out "$work/none.html"
rm "$work/spoiled/detectors.jsonl"
refused 'spoiled/detectors.jsonl: cannot be read' report "$work/spoiled" --out "$work/none.html"
cp "$work/upper/census.safetensors" "$work/spoiled/"
refused 'spoiled/census.safetensors: is not of' report "$work/spoiled" --out "$work/none.html"

# An empty file is of another census, where this one counts detectors.
: >"$work/whole/detectors.jsonl"
refused 'whole/detectors.jsonl: tells 0 token detectors of layer [0-3], where layers.csv counts another' report "$work/whole" --out "$work/none.html"

# Interrupted while figures are drawn, as by a terminal, which signals all of its group, or by itself: nothing stays.
mkdir "$work/slow"
printf '#!/bin/sh\n: >"%s"\nexec sleep 20\n' "$work/drawing" >"$work/slow/gnuplot"
chmod +x "$work/slow/gnuplot"
for signal in INT:130 TERM:143 HUP:129; do
  expected=${signal#*:} signal=${signal%:*}
  rm -f "$work/drawing"
  PATH="$work/slow:$PATH" env --default-signal=HUP setsid "$program" report "$work/upper" --out "$work/none.html" >"$work/stdout" 2>"$work/stderr" &
  process=$!
  while [ ! -e "$work/drawing" ]; do
    kill -0 $process 2>/dev/null || fail "the report ended before it could be interrupted"
    sleep 0.02
  done
  [ $signal = TERM ] || process=-$process # the process's group
  kill -s $signal -- $process
  code=0
  wait ${process#-} || code=$?
  [ "$code" -eq "$expected" ] || fail "SIG$signal ends a report with $code"
  [ -z "$(find "$work" -maxdepth 1 -name '.none*')" ] || fail "SIG$signal leaves half a report"
done

find "$work" -maxdepth 1 -name '*.html*' | wc -l | grep -q '^ *4$' || fail "files are left: $(ls "$work")"
ends 2 '' report "$work/whole"
