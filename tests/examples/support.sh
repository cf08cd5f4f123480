#!/bin/sh
# What the scripts of this folder share: each begins with it, and is called as SCRIPT CENSUS MODEL WORK. CENSUS is the program, MODEL the
# folder of the bundled model, WORK a folder that is made anew.
set -eu
rm -rf "$3"
mkdir -p "$3"
program=$(realpath "$1") model=$(realpath "$2") work=$(realpath "$3")

# A test that ends at a line that tells nothing tells what the program told last.
ended() {
  [ "$1" -ne 0 ] && [ -z "$has_told" ] || return 0
  last=$(ls -t "$work"/*stderr 2>/dev/null | head -n 1)
  echo "FAILED with exit code $1${last:+; the program told last, in $(basename "$last"):}" >&2
  [ -z "$last" ] || tail -n 5 "$last" >&2
}
has_told=
trap 'ended $?' EXIT

# fail WHAT: ends the test, with what the program last told on stderr.
fail() {
  has_told=yes
  echo "FAILED: $1" >&2
  [ ! -e "$work/stderr" ] || cat "$work/stderr" >&2
  exit 1
}

# told: what the program last told on stderr, but for lines of progress, which a slow machine sees: "writing the page, 4 s: ...".
told() { grep -Ev '^(layer [0-9]+: )?[a-z -]+, [0-9]+ (s|min|h)\>' "$work/stderr" || true; }

# ends CODE PATTERN ARGS...: the program's exit code, and, where there is a pattern, a line on stderr that matches it.
ends() {
  wanted=$1 pattern=$2
  shift 2
  code=0
  timeout 300 "$program" "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || code=$?
  [ "$code" -eq "$wanted" ] || fail "$*: exit code $code, wanted $wanted"
  [ -z "$pattern" ] || grep -Eq -e "$pattern" "$work/stderr" || fail "$*: wanted /$pattern/"
}

# refused PATTERN ARGS...: exit code 2, one line on stderr, which matches, and nothing on stdout.
refused() {
  ends 2 "$@"
  [ "$(told | wc -l)" -eq 1 ] && [ ! -s "$work/stdout" ] || fail "$*: more is told than one line"
}
