#!/bin/sh
# report.sh CENSUS MODEL WORK: pages of quick censuses of the bundled model are whole, the same bytes each time, and name nothing
# outside themselves; figures appear as files; what cannot be read or written is refused with one line, and nothing is left. How a page
# looks and is worked with: report_page.py.
set -eu
program=$1 model=$2 work=$3
rm -rf "$work"
mkdir -p "$work"
fail() {
  echo "FAILED: $1"
  exit 1
}

# refused PATTERN ARGS...: exit code 2, one line on stderr that matches, and no page.
refused() {
  pattern=$1
  shift
  code=0
  "$program" report "$@" >"$work/stdout" 2>"$work/stderr" || code=$?
  if [ "$code" -ne 2 ] || [ "$(wc -l <"$work/stderr")" -ne 1 ] || ! grep -Eq "$pattern" "$work/stderr" || [ -s "$work/stdout" ]; then
    cat "$work/stderr"
    fail "$*: exit code $code, wanted /$pattern/"
  fi
  [ ! -e "$work/none.html" ] || fail "$*: a page is there"
}

"$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 4000 --out "$work/whole" >/dev/null 2>&1
"$program" take --model "$model" --text "$model/text/prose" --context 64 --tokens 4000 --layers 2:4 --out "$work/upper" >/dev/null 2>&1

if ! command -v gnuplot >/dev/null; then
  refused 'gnuplot' "$work/whole" --out "$work/none.html"
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
if grep -v '^not drawn: .*: ' "$work/stderr" | grep -q .; then fail "more on stderr than what is not drawn"; fi

# One file, that names nothing outside; beside the data, all of it is the program's own.
"$program" report "$work/whole" --out "$work/one.html" >/dev/null 2>&1
[ "$(wc -c <"$work/one.html")" -lt 5000000 ] || fail "the page has 5 MB or more"
grep -v 'id="data"' "$work/one.html" >"$work/one.text"
grep -v 'id="data"' "$work/two.html" | cmp - "$work/one.text"
if sed 's,http://www.w3.org/2000/svg,,; s/http-equiv//' "$work/one.text" | grep -Ei 'http|src="|url\(|@import|<link'; then
  fail "something outside is named"
fi

# A figure that an earlier report left there, and that this one does not draw, is named.
echo "of an earlier report" >"$work/figures/figure_9.svg"
"$program" report "$work/whole" --out "$work/one.html" --figures "$work/figures" >/dev/null 2>"$work/stderr"
grep -q "^warning: $work/figures/figure_9.svg is there, and not of this report$" "$work/stderr"
[ "$(grep -c '^warning:' "$work/stderr")" -eq 1 ] || fail "figures of this report are called another's"

code=0
"$program" report "$work/whole" --examples -1 --out "$work/none.html" >/dev/null 2>"$work/stderr" || code=$?
[ "$code" -eq 2 ] && grep -q 'examples: should be a whole number from 0' "$work/stderr" || fail "--examples -1: exit code $code"
refused '^census report: : names no file$' "$work/whole" --out ''
refused 'none: there is no such folder' "$work/none" --out "$work/none.html"
refused 'two.html/none.html: cannot be written' "$work/whole" --out "$work/two.html/none.html"
refused 'neurons.csv: has the name of a census' "$work/whole" --out "$work/neurons.csv"
refused 'a second census of the name whole' "$work/whole" whole="$work/upper" --out "$work/none.html"
ln -s "$work/one.text" "$work/link.html"
refused 'link.html: is a link' "$work/whole" --out "$work/link.html"
refused 'one.text: the folder cannot be made' "$work/whole" --out "$work/none.html" --figures "$work/one.text"
cp -r "$work/whole" "$work/spoiled"
echo '{"layer": 0, "neuron": 0}' >"$work/spoiled/detectors.jsonl"
refused 'spoiled/detectors.jsonl, line 1: is no line of a detector' "$work/spoiled" --out "$work/none.html"
rm "$work/spoiled/detectors.jsonl"
refused 'spoiled/detectors.jsonl: cannot be read' "$work/spoiled" --out "$work/none.html"
cp "$work/upper/census.safetensors" "$work/spoiled/"
refused 'spoiled/census.safetensors: is not of' "$work/spoiled" --out "$work/none.html"
find "$work" -maxdepth 1 -name '*.html*' | wc -l | grep -q '^ *4$' || fail "files are left: $(ls "$work")"
code=0
"$program" report "$work/whole" >/dev/null 2>&1 || code=$?
[ "$code" -eq 2 ] || fail "without --out: exit code $code"
