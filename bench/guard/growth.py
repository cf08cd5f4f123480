#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How a survey's instructions grow with tokens and layers, and its memory with tokens; prints JSON.

    growth.py PROGRAMS          # the folder with make_checkpoint and census_survey, without AVX-512, which valgrind cannot run

A small random model, a text whose sequences hold the same tokens in another order, one thread. Instructions are callgrind's, opening the
files included, which is a constant: a line is drawn through 1 and 8 times, and `furthest` is how far 2 and 4 times are off it, as a share
of what the survey alone takes there. Peak memory is that of the process, of whose text 256 KiB may be held; that of one process is compared with another's on more text.
"""
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

EXAMPLE = pathlib.Path(__file__).parents[2] / "examples" / "tiny_opt"
LAYERS = 8


def write_text(path, sequences, context):
    header = f"{{'descr': '<u2', 'fortran_order': False, 'shape': ({sequences}, {context - 1}), }}"
    header += " " * ((-len(header) - 11) % 64) + "\n"
    ids = [4 + (s * 5 + i) % (context - 1) for s in range(sequences) for i in range(context - 1)]
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(ids)}H", *ids))


def instructions(survey, out):
    ran = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *survey], capture_output=True, text=True,
                         stdin=subprocess.DEVNULL)
    if ran.returncode != 0:
        sys.exit(f"growth.py: callgrind ended with {ran.returncode}: {ran.stderr}")
    return int(re.search(r"Collected : (\d+)", ran.stderr).group(1))


def peak_memory(survey):
    """VmHWM: what the system tells of an ended child may be its parent's."""
    ran = subprocess.run(survey, input="peak\n", stdout=subprocess.PIPE, text=True)
    if ran.returncode != 0:
        sys.exit("growth.py: the survey failed")
    return int(ran.stdout.splitlines()[-1])


def furthest(counts):
    slope = (counts[8] - counts[1]) / 7
    return max(abs(counts[k] - counts[1] - (k - 1) * slope) / (k * slope) for k in (2, 4))


def main():
    programs = pathlib.Path(sys.argv[1])
    for program in ("make_checkpoint", "census_survey"):
        if not (programs / program).exists():
            print(f"{program} is not built here")
            return 77
    if not shutil.which("valgrind"):
        print("valgrind is missing (Debian's package valgrind)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([programs / "make_checkpoint", "--out", folder / "model", "--tokenizer", EXAMPLE, "--hidden", "64", "--layers",
                        str(LAYERS), "--heads", "2", "--vocabulary", "1024", "--positions", "512"], check=True, stdout=subprocess.DEVNULL)

        def survey(sequences, layers, context=64):
            text = folder / "text.npy"
            write_text(text, sequences, context)
            return [programs / "census_survey", folder / "model", text, str(context), "1", str(layers)]

        tokens = {k: instructions(survey(4 * k, 2), folder / "out") for k in (1, 2, 4, 8)}
        layers = {k: instructions(survey(4, k), folder / "out") for k in (1, 2, 4, 8)}
        memory = {k: peak_memory(survey(256 * k, LAYERS, 512)) for k in (1, 2, 4, 8)}  # each key occurs 256 to 2048 times
        narrow = peak_memory(survey(128, LAYERS, 512))  # each at most 255 times
    print(json.dumps({"tokens": {"instructions": tokens, "furthest": furthest(tokens)},
                      "layers": {"instructions": layers, "furthest": furthest(layers)},
                      "memory": {"tokens": {k: 256 * k * 512 for k in memory}, "bytes": memory, "times": 8,
                                 "ratio": memory[8] / memory[1], "widening": memory[4] / narrow}}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
