#!/bin/sh
# SPDX-License-Identifier: MIT
# continue.sh [FOLDER [option ...]]: goes on with the long run (long_run.py) in the background, on one thread at nice 19.
# FOLDER (~/.cache/census-training) holds everything of the run; what is missing in it is made. Options go to `long_run.py train`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-${CENSUS_TRAINING:-$HOME/.cache/census-training}}
[ $# -eq 0 ] || shift
mkdir -p "$folder"
python=$folder/venv/bin/python

if ! "$python" -c 'import torch, numpy, tokenizers, safetensors' 2>/dev/null; then
    # PyTorch for CPUs: Debian's is small; that of the Python index brings libraries of gigabytes for GPUs
    if ! /usr/bin/python3 -c 'import torch, numpy' 2>/dev/null; then
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends python3-torch python3-numpy python3-venv
    fi
    /usr/bin/python3 -m venv --clear --system-site-packages "$folder/venv"
    "$python" -m pip install --quiet tokenizers safetensors
fi

if [ -f "$folder/pid" ] && kill -0 "$(cat "$folder/pid")" 2>/dev/null && grep -qa long_run "/proc/$(cat "$folder/pid")/cmdline"; then
    echo "already going on: process $(cat "$folder/pid")"
    exit 0
fi
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 RAYON_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false
setsid nohup nice -n 19 "$python" "$here/long_run.py" train "$folder" "$@" >>"$folder/log" 2>&1 </dev/null &
echo $! >"$folder/pid"
# Linux may weigh sessions against each other (autogroup) before it looks at nice values inside of one. With 19 there, too, the run got
# 1 % of a core beside builds; 10 gives it about a tenth of what another busy session has, and an idle core whole.
sleep 1
{ echo "${CENSUS_TRAINING_AUTOGROUP:-10}" >"/proc/$!/autogroup"; } 2>/dev/null || true
echo "process $!, log: $folder/log"
