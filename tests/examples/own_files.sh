#!/bin/sh
# own_files.sh CENSUS MODEL WORK: programs replace and remove only what they wrote, follow no links out of --out, and what is lost on the
# way to stdout is told.
. "$(dirname "$0")/support.sh"
text=$model/text/prose/persuasion__chapter_01.txt
cut="--text $text --context 64 --tokens 640"
quick="--model $model --ngrams 1 --rounding-sample 0 $cut"

# Files that no census wrote stay; in the way they are refused by name before anything is computed.
mkdir "$work/exp"
echo mine >"$work/exp/tokens-train.safetensors"
ends 0 '' take $quick --out "$work/exp"
[ "$(cat "$work/exp/tokens-train.safetensors")" = mine ] || fail "a foreign file is gone"
for name in run.json layers.csv neurons.csv detectors.jsonl dead_share.csv census.safetensors tokens-1.safetensors projections-1.safetensors; do
  rm -rf "$work/foreign"
  mkdir "$work/foreign"
  echo mine >"$work/foreign/$name"
  ends 2 "foreign/$name: " take $quick --keep-tables --out "$work/foreign"
  [ "$(cat "$work/foreign/$name")" = mine ] || fail "$name is not as it was"
  [ "$(ls -A "$work/foreign" | wc -l)" -eq 1 ] || fail "something was left beside $name"
done
ends 0 '' take $quick --keep-tables --out "$work/exp" # a census's own files are replaced
ends 0 '' take $quick --out "$work/exp"               # and go
[ ! -e "$work/exp/tokens-1.safetensors" ] || fail "a table of the census before stayed"

# So are files in the way before model or text is read, and a folder that another census holds; what is refused leaves no folder.
absent="--model $work/no-model --text $work/no-text --out $work/early"
for name in layers.csv recording.json awakened.jsonl; do
  rm -rf "$work/early"
  mkdir "$work/early"
  echo mine >"$work/early/$name"
  case $name in
  layers.csv) ends 2 "early/$name: is in the way" take $absent ;;
  recording.json) ends 2 "early/$name: " record $absent ;;
  awakened.jsonl) ends 2 "early/$name: is in the way" wake $absent ;;
  esac
done
mkdir "$work/early/unfinished"
rm "$work/early/awakened.jsonl"
: >"$work/early/unfinished/snapshot-1.safetensors"
ends 2 'early/unfinished: holds an unfinished census' take $absent
ends 2 'no-model' take $absent --resume
rm "$work/early/unfinished/snapshot-1.safetensors"
echo mine >"$work/early/unfinished/layer-0.safetensors"
ends 2 'early/unfinished/layer-0.safetensors: is in the way' take $absent
ends 2 'early/unfinished/layer-0.safetensors: is in the way' take $absent --resume
no_text="--model $model --text $work/no-text --out $work/early"
for name in tokens-1 projections-1 state-text firings-1-0; do
  rm -rf "$work/early"
  mkdir "$work/early"
  echo mine >"$work/early/$name.safetensors"
  case $name in
  firings-1-0) ends 2 "early/$name.safetensors: is in the way" record $no_text ;;
  *) ends 2 "early/$name.safetensors: is in the way" take $no_text --keep-tables --keep-state ;;
  esac
  ends 2 'no-text: ' take $no_text --layers 2: --projections 0
done
rm -rf "$work/early"
for subcommand in take record wake; do
  ends 2 'no-text: ' $subcommand $no_text
  [ ! -e "$work/early" ] || fail "a refused $subcommand left a folder"
done
if command -v flock >/dev/null; then
  mkdir "$work/early"
  (
    exec 9<"$work/early"
    flock -n 9
    for subcommand in take record wake; do ends 2 'early: another census is writing' $subcommand $absent; done
  )
fi

# No link leads out of --out.
echo victim >"$work/victim"
mkdir "$work/links"
for name in run.json layers.csv neurons.csv detectors.jsonl dead_share.csv census.safetensors; do
  ln -s "$work/victim" "$work/links/$name.part"
  ln -s "$work/nowhere" "$work/links/.$name.part"
done
ends 0 '' take $quick --out "$work/links"
[ "$(cat "$work/victim")" = victim ] || fail "the victim was written to"
[ ! -e "$work/nowhere" ] || fail "a dangling link was followed"
for link in "$work/victim" "$work/nowhere"; do
  rm -rf "$work/links"
  mkdir "$work/links"
  ln -s "$link" "$work/links/layers.csv"
  ends 2 'links/layers.csv: ' take $quick --out "$work/links"
done
ln "$work/victim" "$work/hard.csv"
ln -s "$work/victim" "$work/soft.csv"
ln -s "$work/victim" "$work/new.csv.part"
ends 0 '' compare "$work/exp" --out "$work/hard.csv"
ends 0 '' take --model "$model" --ngrams 1 --rounding-sample 0 --text "$text" --context 64 --tokens 3000 --out "$work/charted"
ends 0 '' compare "$work/charted" --out "$work/new.csv" --chart "$work/new.gp"
ends 2 'would show nothing' compare "$work/exp" --out "$work/none.csv" --chart "$work/none.gp" # of so few sequences
[ ! -e "$work/none.csv" ] && [ ! -e "$work/none.gp" ] || fail "a comparison that was refused left a file"
ends 2 'soft.csv: is a link' compare "$work/exp" --out "$work/soft.csv"
ends 2 '/dev/null: is no regular file' compare "$work/exp" --out /dev/null
[ "$(cat "$work/victim")" = victim ] && [ ! -e "$work/nowhere" ] || fail "the victim was written to"
ends 2 'victim: the folder cannot be made' wake --model "$model" $cut --out "$work/victim"
ends 2 'layers.csv: is a file of a census' compare "$work/exp" --out "$work/exp/layers.csv"
ends 2 'is --out and --chart' compare "$work/exp" --out "$work/same" --chart "$work/same"
ends 2 'is --out and --chart' compare "$work/exp" --out "$work/same" --chart "$work/./victims/../same"
ends 2 'same.svg: would be replaced by the image that it draws' compare "$work/charted" --chart "$work/same.svg"
ends 2 'same.svg: is --out and the image of --chart' compare "$work/charted" --out "$work/same.svg" --chart "$work/same.gp"
for name in same same.svg same.gp; do [ ! -e "$work/$name" ] || fail "a comparison that was refused left $name"; done
mkdir "$work/searched"
for name in awakened.jsonl silent_neurons.csv wake.json; do
  touch "$work/searched/wake.json" "$work/searched/$name"
  ends 2 "$name: is a file of census wake" compare "$work/exp" --out "$work/searched/$name"
  ends 2 "$name: has the name of a census" report "$work/exp" --out "$work/searched/$name"
done
mkdir "$work/kept"
for name in text.safetensors firings-0-0.safetensors recording.json; do
  touch "$work/kept/recording.json" "$work/kept/$name"
  ends 2 "$name: is a file of a recording" compare "$work/exp" --out "$work/kept/$name"
  ends 2 "$name: has the name of a census's or a recording" report "$work/exp" --out "$work/kept/$name"
done
mkdir "$work/woken"
echo mine >"$work/woken/silent_neurons.csv"
ends 2 'silent_neurons.csv: is in the way' wake --model "$model" $cut --out "$work/woken"

# A table that never arrived is told.
if [ -e /dev/full ]; then
  for arguments in "compare $work/exp" "take $quick --out $work/full" "--help"; do
    code=0
    "$program" $arguments >/dev/full 2>"$work/stderr" || code=$?
    [ "$code" -eq 1 ] || fail "$arguments >/dev/full: exit code $code"
    grep -q 'stdout cannot be written: No space left' "$work/stderr" || fail "$arguments >/dev/full"
  done
fi

# A reader that goes away ends nothing by a signal: of stdout it is told, of stderr the results are as whole as ever.
by_default() { env --default-signal=PIPE,XFSZ "$program" "$@"; }
until_nobody_reads() { (trap '' PIPE && while echo 2>/dev/null; do sleep 0.02; done); }
for arguments in "compare $work/exp" "take $quick --out $work/piped" "--help"; do
  {
    until_nobody_reads
    code=0
    by_default $arguments 2>"$work/stderr" || code=$?
    echo "$code" >"$work/code"
  } | head -n 1 >/dev/null
  [ "$(cat "$work/code")" -eq 1 ] || fail "$arguments | head: exit code $(cat "$work/code")"
  [ "$(grep -c 'stdout cannot be written: Broken pipe' "$work/stderr")" -eq 1 ] || fail "$arguments | head"
done
{
  until_nobody_reads
  code=0
  by_default take $quick --out "$work/unheard" 2>&1 >"$work/stdout" || code=$?
  echo "$code" >"$work/code"
} | head -n 1 >/dev/null
[ "$(cat "$work/code")" -eq 0 ] || fail "a census whose stderr nobody reads: exit code $(cat "$work/code")"
for name in layers.csv neurons.csv census.safetensors; do cmp "$work/exp/$name" "$work/unheard/$name" || fail "$name of it"; done

# A limit on the size of files is told as a full disk is.
code=0
(ulimit -f 8 && by_default take $quick --out "$work/limited" >"$work/stdout" 2>"$work/stderr") || code=$?
[ "$code" -eq 2 ] || fail "a census under ulimit -f: exit code $code"
told | tail -n 1 | grep -q '^census take: .*File too large$' || fail "a census under ulimit -f"
[ ! -e "$work/limited/run.json" ] || fail "a census under ulimit -f is taken for complete"

# What an untrusted file says does not steer a terminal, and stays one line.
cp -r "$work/exp" "$work/$(printf 'evil\033[2J')"
sed 's/"context": "64"/"context": "64\\u001b[2J\\nwarning: \\u202e"/' "$work/exp/run.json" >"$work/$(printf 'evil\033[2J')/run.json"
ends 0 'context is 64.u001b\[2J.u000awarning: .u202e here' compare "$work/exp" "$work/$(printf 'evil\033[2J')"
[ "$(wc -l <"$work/stderr")" -eq 1 ] || fail "a setting makes a line of its own"
if LC_ALL=C grep -q "$(printf '\033')" "$work/stdout" "$work/stderr"; then fail "an escape sequence was printed"; fi

# A spoiled census: the index of a neuron beyond the model's is refused by its line.
cp -r "$work/exp" "$work/spoiled"
printf 'layer,neuron,firings\n0,4000000000,0\n0,1,0\n' >"$work/spoiled/neurons.csv"
ends 2 'neurons.csv:2: is no row of a neuron' wake --model "$model" $cut --out "$work/woken2" --census "$work/spoiled"

# What spreadsheets make of a census is compared as before.
cp -r "$work/exp" "$work/excel"
sed -i 's/$/,7/; 1s/,7$/,last/' "$work/excel/layers.csv"
sed -i 's/$/\r/' "$work/excel/layers.csv" "$work/excel/neurons.csv"
ends 0 '' compare "$work/excel" "$work/exp" --column last
grep -Eq '^ +0 +7 +-$' "$work/stdout" || fail "the last column of a file with CR LF is lost"

# A checkpoint that is cut short while it is read ends the run with its name.
mkdir "$work/cut"
cp "$model"/* "$work/cut/" 2>/dev/null || true
"$program" take --model "$work/cut" --text "$model/text/prose" --context 64 --ngrams 1 --rounding-sample 0 --threads 1 --out "$work/cut-out" >/dev/null 2>"$work/stderr" &
running=$!
while kill -0 "$running" 2>/dev/null && ! grep -q 'memory: at most' "$work/stderr"; do sleep 0.02; done
truncate -s 4096 "$work/cut/model.safetensors"
code=0
wait "$running" || code=$?
[ "$code" -eq 2 ] || fail "a checkpoint cut short: exit code $code"
grep -Eq 'changed while it was read|of a model, a recording or a census\) was cut short' "$work/stderr" || fail "a checkpoint cut short"

# What is missing or endless is bad input, by name.
mkdir "$work/looped"
cp "$model"/* "$work/looped/" 2>/dev/null || true
ln -s tokenizer.json "$work/looped/tokenizer.json"
ends 2 'looped/tokenizer.json: cannot be read: Too many levels of symbolic links' take --ngrams 1 --rounding-sample 0 $cut --model "$work/looped" \
  --out "$work/looped-out"
for name in vocab.json merges.txt; do
  rm -rf "$work/sparse"
  mkdir "$work/sparse"
  cp "$model"/* "$work/sparse/" 2>/dev/null || true
  truncate -s 40G "$work/sparse/$name"
  ends 2 "sparse/$name: is longer than" take --ngrams 1 --rounding-sample 0 $cut --model "$work/sparse" --out "$work/sparse-out"
done

# Unread weights: of an adapter they are refused, others are named, and refused by --strict.
python=$(command -v python3 || true)
if [ -n "$python" ]; then
  extend() {
    rm -rf "$work/$1"
    mkdir "$work/$1"
    cp "$model"/* "$work/$1/" 2>/dev/null || true
    "$python" - "$work/$1/model.safetensors" "$2" <<'END'
import json, struct, sys
path, name = sys.argv[1:]
data = open(path, "rb").read()
size = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:8 + size])
end = max(entry["data_offsets"][1] for key, entry in header.items() if key != "__metadata__")
header[name] = {"dtype": "F32", "shape": [2], "data_offsets": [end, end + 8]}
text = json.dumps(header).encode()
open(path, "wb").write(struct.pack("<Q", len(text)) + text + data[8 + size:] + bytes(8))
END
  }
  extend lora model.decoder.layers.0.self_attn.q_proj.lora_A.weight
  ends 2 'lora_A.weight" is of an adapter that is not merged' take --ngrams 1 --rounding-sample 0 $cut --model "$work/lora" --out "$work/lora-out"
  extend score score.weight
  ends 0 '^ignored: 1 tensors that the model does not read .*"score.weight"' take --ngrams 1 --rounding-sample 0 $cut --model "$work/score" --out "$work/score-out"
  grep -q '"what": "tensors that the model does not read"' "$work/score-out/run.json" || fail "run.json does not tell"
  ends 2 '"score.weight": would be ignored' take --ngrams 1 --rounding-sample 0 $cut --model "$work/score" --out "$work/strict-out" --strict
fi
ends 0 '' take $quick --out "$work/strict" --strict
