#!/bin/sh
# bad_input.sh CENSUS MODEL WORK: each bad input to `census take` must end with exit code 2 and one line on stderr that names the file and the cause.
. "$(dirname "$0")/support.sh"
text=$(find "$model/text/prose" -name '*.txt' | sort | head -n 1)

# refused_take WHAT PATTERN ARGS...: census take refuses WHAT.
refused_take() {
  what=$1 pattern=$2
  shift 2
  refused "$pattern" take "$@"
  echo "ok: $what: $(cat "$work/stderr")"
}

# A copy of the model in $work/NAME in which one file may then be spoiled.
model_copy() {
  rm -rf "$work/$1"
  mkdir "$work/$1"
  for file in config.json model.safetensors vocab.json merges.txt; do cp "$model/$file" "$work/$1/"; done
}
with_model() { refused_take "$1" "$2" --model "$work/$3" --text "$text" --context 64 --tokens 64 --out "$work/out"; }
with_text() {
  what=$1 pattern=$2
  shift 2
  refused_take "$what" "$pattern" --model "$model" --context 64 --tokens 64 --out "$work/out" "$@"
}

with_model "a missing folder" "no-such-folder.*(no such|missing)" no-such-folder
model_copy m && rm "$work/m/config.json"
with_model "a missing config.json" "m/config.json: .*(missing|No such file)" m
model_copy m && printf '{"hidden_size": ' >"$work/m/config.json"
with_model "a malformed config.json" "m/config.json" m
model_copy m && sed -i 's/"num_hidden_layers": *[0-9]*/"num_hidden_layers": -4/' "$work/m/config.json"
with_model "a field out of range" "m/config.json: num_hidden_layers is -4" m
model_copy m && sed -i 's/"num_attention_heads": *[0-9]*/"num_attention_heads": 7/' "$work/m/config.json"
with_model "a field that contradicts another" "m/config.json: num_attention_heads" m
model_copy m && sed -i 's/"ffn_dim": *[0-9]*/"ffn_dim": 96/' "$work/m/config.json"
with_model "a tensor of another shape than the config says" "m/model.safetensors: .*(fc1|fc2)" m
model_copy m && sed -i 's/"num_hidden_layers": *[0-9]*/"num_hidden_layers": 9/' "$work/m/config.json"
with_model "a missing tensor" "m/model.safetensors: tensor .*layers.4.* is missing" m
model_copy m && rm "$work/m/model.safetensors"
with_model "a missing checkpoint" "holds no model.safetensors" m
model_copy m && printf '\377\377\377\377\000\000\000\000{}' >"$work/m/model.safetensors"
with_model "a header longer than the file" "m/model.safetensors: the header" m
model_copy m && : >"$work/m/model.safetensors"
with_model "an empty checkpoint" "m/model.safetensors" m
model_copy m && dd if="$model/model.safetensors" of="$work/m/model.safetensors" bs=1000 count=1000 2>/dev/null
with_model "a checkpoint cut short" "m/model.safetensors" m
model_copy m && rm "$work/m/model.safetensors" && mkdir "$work/m/model.safetensors"
with_model "a folder in place of a checkpoint" "m/model.safetensors" m

# The bytes of the last tensor are at the end of the file, in float16: 0x7e00 is NaN.
model_copy m && size=$(wc -c <"$work/m/model.safetensors") &&
  printf '\000\176' | dd of="$work/m/model.safetensors" bs=1 seek=$((size - 2)) conv=notrunc 2>/dev/null
with_model "NaN in the weights" "m/model.safetensors: .*(NaN|not finite|finite)" m

model_copy m && rm "$work/m/vocab.json"
with_model "a missing vocabulary" "m/vocab.json" m
model_copy m && echo '{"a": 0, "b": 0}' >"$work/m/vocab.json"
with_model "a vocabulary with an id twice" "m/vocab.json" m
model_copy m && : >"$work/m/merges.txt"
with_model "merges that are not there" "m/merges.txt: holds no merge" m
model_copy m && printf '#version: 0.2\na b c\n' >"$work/m/merges.txt"
with_model "a malformed merge" "m/merges.txt.*2" m

with_text "a missing text" "no-such.txt" --text "$work/no-such.txt"
: >"$work/empty.txt"
with_text "an empty text" "empty.txt: the text is empty" --text "$work/empty.txt"
printf '{"text": "one"}\n{"words": "two"}\n' >"$work/lines.jsonl"
with_text "a line without its field" "lines.jsonl:2: " --text "$work/lines.jsonl"
printf '{"text": "one"}\n{"text": \n' >"$work/lines.jsonl"
with_text "a line that is no JSON" "lines.jsonl:2: " --text "$work/lines.jsonl"
mkdir "$work/nothing"
with_text "a folder without text" "nothing: the folder holds no .txt" --text "$work/nothing"
with_text "a device in place of a text" "/dev/null" --text /dev/null
: >"$work/file"
refused_take "an output folder that cannot be made" "file/out" --model "$model" --text "$text" --context 64 --tokens 64 --out "$work/file/out"
with_text "layers that the model has not" "layers 2:9" --text "$text" --layers 2:9
with_text "an empty range of layers" "layers 2:2: the range is empty" --text "$text" --layers 2:2
with_text "a layer beyond counting" "layers 99999999999999999999:2" --text "$text" --layers 99999999999999999999:2
with_text "a device that there is not" "device cuda:9999: " --text "$text" --device cuda:9999
with_text "a device that reads otherwise" "device gpu: should read cpu, or cuda" --text "$text" --device gpu
with_text "layers that read otherwise" "layers two" --text "$text" --layers two
refused_take "a context longer than the model's positions" "context 100000: the model has only 256 positions" --model "$model" --text "$text" --context 100000 --out "$work/out"

# What cannot be read as a command line is two things: a line that says why, and where to find help.
ends 2 'context' take --model "$model" --context 0 --text "$text" --out "$work/out"
ends 2 '--model' take
ends 2 '[Ss]ubcommand'
ends 2 '^census: tkae: is no subcommand; there are take, record, compare, merge, report, wake and export$' tkae
ends 0 '' take --help
grep -q -e '--keep-tables' "$work/stdout" || fail "take --help does not tell of --keep-tables"
ends 0 '' --help
tr -s ' \n' ' ' <"$work/stdout" | grep -q 'Exit: 0 done, 2 bad input or usage, or a file or device that fails' || fail "--help does not tell of exit codes"
grep -q 'compare' "$work/stdout" && grep -q 'wake' "$work/stdout" || fail "--help does not tell of each subcommand"

with_text "a census that needs more memory than it may use" "memory 10MiB: this needs at least [0-9]+MiB" --text "$text" --memory 10MiB

# Numbers are decimal digits and nothing else, in every option that takes one. CLI11 by itself would read 0300 as octal 192.
refused_take "a context with a zero in front" "context 300: the model has only 256 positions" --model "$model" --text "$text" --context 0300 --out "$work/out"
refused_take "a context that is no octal number" "context 900: the model has only 256 positions" --model "$model" --text "$text" --context 0900 --out "$work/out"
with_text "layers with zeros in front" "layers 2:9: the model has layers 0:4" --text "$text" --layers=02:09
with_text "a memory with a zero in front" "memory 10MiB: this needs at least [0-9]+MiB" --text "$text" --memory=010MiB
refused_number() {
  command=$1 option=$2 cause=$3
  shift 3
  for value in "$@"; do ends 2 "^$option: $cause" "$command" "$option=$value"; done
  echo "ok: $command $option: $(head -n 1 "$work/stderr")"
}
for option in --context --tokens --threads --ngrams --examples --example-bins --projections --rounding-sample; do
  refused_number take "$option" 'should be a whole number from [01](, below 2\^64| to [0-9]+)$' 0x2 1e0 +2 ' 2' '2 ' 2.0 -1 true 99999999999999999999
done
for option in --shuffles --rounds --proposals --longest --seed; do
  refused_number wake "$option" 'should be a whole number from [012](, below 2\^64| to [0-9]+)$' 0x10 1e1 +5 ' 5' 5.0 -1 true
done
refused_number report --examples 'should be a whole number from 0, below 2\^64$' 0x10 1e1 +5 ' 5' 5.0 -1 true
for option in --memory --device-memory; do
  refused_number take "$option" 'should be a size, such as 4GiB$' 0x10MiB 1e3MiB +4GiB ' 4GiB' -1b -1 GiB
done
refused_number record --shard 'should be a size, such as 4GiB$' 0x10MiB -1b
refused_number take --snapshot-every 'should be a time, such as 30s, 10min or 1h$' 0x10s 1e3s +5s ' 5s' -1s s
