#!/bin/sh
# hostile_text.sh CENSUS MODEL WORK: texts, names of files and domains, settings and tokens that hold escape sequences, marks of
# direction, line ends, markup, bytes that are no UTF-8 and spreadsheets' formulas go through every subcommand. What is printed steers
# no terminal, and no cell of a table is a formula.
. "$(dirname "$0")/support.sh"
cd "$work"
work=.
mkdir texts
escape=$(printf '\033') turn=$(printf '\342\200\256') line=$(printf '\342\200\250') unseen=$(printf '\342\200\213\357\273\277')
evil="=1+1 $escape[2J$turn$line$unseen<b>'\""
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  printf '\033[2J\033]0;title\033\\ =cmd|calc @SUM(A1) +1 -1 \342\200\256evil\342\200\251 </script><script>alert(1)</script> \377\376 \r\n'
done >"$work/texts/$evil.txt"
cp "$work/texts/$evil.txt" "$work/texts/@SUM(A1).txt"

# plain FILE...: no byte of a control character but the line's end, no mark of direction, no other line's end, nothing unseen, and UTF-8
# alone.
plain() {
  for file; do
    if LC_ALL=C tr -d '\n' <"$file" | LC_ALL=C grep -q "[$(printf '\001-\037\177')]" || grep -q "$turn\|$line\|$unseen" "$file" ||
      ! iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>&1; then
      echo "FAILED: $file steers a terminal:"
      od -c "$file" | head -40
      exit 1
    fi
  done
}

# shown CODE ARGS...: what the program prints is plain.
shown() {
  expected=$1
  shift
  ends "$expected" '' "$@"
  plain "$work/stdout" "$work/stderr"
}

cut="--context 32 --tokens 3000"
shown 0 take --model "$model" --text "texts/$evil.txt" "texts/@SUM(A1).txt" "-2+3$escape[1m=$model/text/prose" $cut --out "./$evil"
grep -q 'fires on' stdout # tokens were printed
shown 0 take --model "$model" --text "texts/$evil.txt" $cut --layers 0:1 --rounding-sample 0 --keep-tables --out first
shown 0 take --model "$model" --text "$model/text/prose" $cut --layers 0:1 --rounding-sample 0 --keep-tables --out second
shown 0 merge first second --out merged
shown 0 record --model "$model" --text "texts/$evil.txt" $cut --out "./recorded $evil"
shown 0 take --recording "./recorded $evil" --model "$model" --projections 0 --out replayed
shown 0 wake --model "$model" --text "texts/$evil.txt" $cut --layers 3:4 --rounds 1 --shuffles 0 --proposals 16 --out "./woken $evil"
cp -r "$evil" "x$evil" # a table shows names, so one that is a formula is refused
shown 2 compare "./$evil" first
shown 2 compare "+1=first" second
shown 0 compare first second merged "a=./$evil" --out all.csv --chart all.gp
if command -v gnuplot >/dev/null; then
  mv "$evil" "$escape[2J$turn<b>"
  shown 0 report "./$escape[2J$turn<b>" first --out "./$evil.html" --figures "./figures $evil"
  mv "$escape[2J$turn<b>" "$evil"
  if LC_ALL=C grep -q "$escape\|$turn" "$evil.html"; then fail "the page holds such text"; fi
fi

# What is wrong with a command line is told as plainly.
shown 2 "$evil"
shown 2 take "--$evil"
shown 2 take --model "$model" --text "none $evil" --out none
shown 2 take --model "none $evil" --text texts --out none
shown 2 take --model "$model" --text texts --context "$evil" --out none
shown 2 report "none $evil" --out none.html
shown 2 wake --model "$model" --text texts --census "none $evil" --out none
shown 2 merge "none $evil" --out none

# A cell that begins with one of = + @ or a tab, or with a - that no number follows, is a formula to a spreadsheet.
find . -name '*.csv' >tables
[ "$(wc -l <tables)" -ge 10 ]
while IFS= read -r table; do
  if LC_ALL=C grep -Eq '(^|,)"?([=+@	]|-([^0-9i]|i[^n]))' "$table" || LC_ALL=C grep -q "$escape" "$table"; then
    echo "FAILED: $table holds a formula"
    exit 1
  fi
done <tables
