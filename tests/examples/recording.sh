#!/bin/sh
# recording.sh CENSUS MODEL WORK: a census of a recording has the same bytes as that of the model that runs; what is no recording of this
# model is refused by name; NumPy, where it is there, opens what was recorded as docs/recordings.md says.
. "$(dirname "$0")/support.sh"
texts="prose=$model/text/prose/persuasion__chapter_01.txt code=$model/text/code"
cut="--context 64 --tokens 2560"
# same NAME ARGS...: the censuses of texts and of the recording in NAME, with these arguments, are the same files.
same() {
  name=$1
  shift
  ends 0 '' take --model "$model" --text $texts $cut --out "$work/live" "$@"
  grep -v '^The results lie in' "$work/stdout" >"$work/live.stdout"
  ends 0 '' take --model "$model" --recording "$work/$name" --out "$work/replayed" "$@"
  grep -v '^The results lie in' "$work/stdout" | diff "$work/live.stdout" - || fail "another table: $*"
  grep -q '"recording": ".*/'"$name"'"' "$work/replayed/run.json" || fail "run.json does not tell of the recording"
  diff -r --exclude=run.json "$work/live" "$work/replayed" || fail "other files: $*"
}

ends 0 '' record --model "$model" --text $texts $cut --out "$work/recorded" --shard 256KiB
[ -e "$work/recorded/firings-3-2.safetensors" ] || fail "a layer of 640 KiB was to be in three files"
same recorded --ngrams 3 --keep-tables
same recorded --ngrams 1 --rounding-sample 0 --projections 0 --threads 1 --layers 1:3
ends 0 '' record --model "$model" --text $texts $cut --out "$work/values" --values pre-activations --layers 2:
same values --ngrams 1 --rounding-sample 0 --projections 0 --pre-activations --examples 2 --layers 2:

# What was recorded is of this model, and brings its text.
quick="--ngrams 1 --rounding-sample 0 --projections 0 --out $work/refused"
mkdir "$work/other"
cp "$model"/* "$work/other/" 2>/dev/null || true
sed -i 's/"hidden_size"/ "hidden_size"/' "$work/other/config.json"
ends 2 'recorded: is of another model: .*other/config.json has another hash' take --model "$work/other" --recording "$work/recorded" $quick
ends 2 'recording excludes --text|text excludes --recording' take --model "$model" --recording "$work/recorded" --text $texts $quick
ends 2 'recording excludes --context|context excludes --recording' take --model "$model" --recording "$work/recorded" --context 32 $quick
ends 2 'recorded: holds no pre-activations' take --model "$model" --recording "$work/recorded" --pre-activations $quick
ends 2 'recorded: holds no activations' take --model "$model" --recording "$work/recorded" --examples 2 $quick
ends 2 '--layers 0:3: the first layer of the recording is 2' take --model "$model" --recording "$work/values" --layers 0:3 $quick
ends 2 'nothing runs on a device' take --model "$model" --recording "$work/recorded" --device cuda $quick
ends 2 'live/recording.json: the file is missing' take --model "$model" --recording "$work/live" $quick
ends 2 '--text.*is required' take --model "$model" $quick
mkdir "$work/foreign"
echo mine >"$work/foreign/layers.csv"
ends 2 'foreign/layers.csv: is in the way' take --model "$work/no-model" --recording "$work/no-recording" --out "$work/foreign"
[ ! -e "$work/refused/run.json" ] || fail "a refused census left results"

# A census that was killed goes on with the recording that it was begun with, not with another in the same folder.
cp -r "$work/recorded" "$work/replaced"
"$program" take --model "$model" --recording "$work/replaced" --ngrams 3 --out "$work/resumed" >/dev/null 2>&1 &
process=$!
while [ -z "$(find "$work/resumed/unfinished" -name 'snapshot-*' 2>/dev/null)" ]; do
  kill -0 $process 2>/dev/null || fail "the census ended before it could be killed"
  sleep 0.01
done
kill -9 $process
wait $process 2>/dev/null || true
ends 0 '' record --model "$model" --text $texts $cut --out "$work/replaced" --shard 128KiB # the least that may differ
ends 2 'another recording_fnv1a_64: it was begun with [0-9a-f]+, and would be resumed with' \
  take --model "$model" --recording "$work/replaced" --ngrams 3 --out "$work/resumed" --resume
cp "$work/recorded"/* "$work/replaced/"
ends 0 '' take --model "$model" --recording "$work/replaced" --ngrams 3 --out "$work/resumed" --resume

# A recording is replaced by another, and nothing else is.
cp -r "$work/recorded" "$work/cut"
truncate -s -8 "$work/cut/firings-2-1.safetensors"
ends 2 'cut/firings-2-1.safetensors: has [0-9]+ bytes where recording.json says' take --model "$model" --recording "$work/cut" $quick
echo mine >"$work/cut/notes"
ends 0 '' record --model "$model" --text $texts --context 64 --tokens 320 --out "$work/cut" --layers 0:1
[ "$(ls "$work/cut" | tr '\n' ' ')" = "firings-0-0.safetensors notes recording.json text.safetensors " ] || fail "other files than those of the new recording"

# A recording that tells no token ids: its census is taken in the usual memory, without what needs them.
if command -v python3 >/dev/null; then
  cp -r "$work/recorded" "$work/positions"
  python3 - "$work/positions" <<'END'
import json, pathlib, sys
text, index = (pathlib.Path(sys.argv[1]) / name for name in ("text.safetensors", "recording.json"))
raw = bytearray(text.read_bytes())
data = 8 + int.from_bytes(raw[:8], "little")
first, last = json.loads(raw[8:data])["tokens"]["data_offsets"]
raw[data + first:data + last] = b"\xff" * (last - first)
text.write_bytes(raw)
hashed = 0xcbf29ce484222325
for byte in raw:
    hashed = (hashed ^ byte) * 0x100000001b3 % 2**64
about = json.loads(index.read_text())
about["text"]["fnv1a_64"] = f"{hashed:016x}"
index.write_text(json.dumps(about))
END
  ends 0 '' take --model "$model" --recording "$work/recorded" --ngrams 1 --rounding-sample 0 --projections 0 --out "$work/with-tokens"
  ends 0 'no sample in double precision' take --model "$model" --recording "$work/positions" --memory 1GiB --out "$work/without"
  for out in with-tokens without; do cut -d, -f1-3 "$work/$out/neurons.csv" >"$work/$out/firings"; done
  cmp "$work/with-tokens/firings" "$work/without/firings" || fail "without token ids other neurons fire"
fi

# NumPy: the lines that docs/recordings.md shows, run where the recording lies, give the firings that the census counts.
python=python3
"$python" -c "import numpy" 2>/dev/null || python=/usr/bin/python3 # of the package that brings NumPy
if "$python" -c "import numpy" 2>/dev/null; then
  sed -n '/<!-- numpy -->/,/<!-- end -->/{/^[<`]/d;p}' "$model/../../docs/recordings.md" >"$work/open.py"
  [ -s "$work/open.py" ] || fail "docs/recordings.md shows no lines for NumPy"
  cat >>"$work/open.py" <<'END'

import csv
told = [int(row["firings"]) for row in csv.DictReader(open("refused/neurons.csv")) if row["layer"] == "0"]
counted = firings.sum(axis=0).tolist()
for number in (1, 2):
    raw = numpy.memmap(f"recorded/firings-0-{number}.safetensors", mode="r")
    rows = raw[8 + int(raw[:8].view("<u8")[0]):].reshape(-1, 256)
    more = numpy.unpackbits(rows, axis=1, bitorder="little").sum(axis=0).tolist()
    counted = [a + b for a, b in zip(counted, more)]
assert told == counted and sum(told) > 0, "the firings are not those that the census counts"
END
  ends 0 '' take --model "$model" --recording "$work/recorded" $quick
  (cd "$work" && "$python" open.py) || fail "NumPy does not open the recording as docs/recordings.md says"
fi
