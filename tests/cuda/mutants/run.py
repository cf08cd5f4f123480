#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes barriers, bounds, masks and waits out of include/census/cuda, one at a time, and runs the tests that are to notice:
with AddressSanitizer, on the emulator. Exit 1 where one goes unnoticed. Needs g++ and what the tests need; takes some
minutes, so it is run by hand.

  run.py [--table FILE] [WORD...]   only mutants whose line has one of the words; --table writes the table for the docs
"""

import argparse
import pathlib
import shlex
import subprocess
import sys

from mutants import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build" / "mutants"
OVERLAY = BUILD / "include"
INCLUDE = ROOT / "include" / "census" / "cuda"
TESTS = ROOT / "tests" / "cuda"
EMULATOR = [TESTS / "emulator" / name for name in ("fake_device.cpp", "thread_block.cpp")]
KERNELS = TESTS / "emulator" / "kernels.cpp"
MAIN = ROOT / "tests" / "support" / "main.cpp"


def package(*arguments):
    answer = subprocess.run(["pkg-config", *arguments], capture_output=True, text=True)
    return answer.stdout.split() if answer.returncode == 0 else []


SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize=null", "-fno-sanitize-recover=all"]
COMPILE = ["g++", "-std=c++20", "-O1", "-w", *SANITIZERS, f"-I{OVERLAY}", "-Iinclude", "-Itests/cuda/emulator", "-Itests/cuda",
           "-Itests", "-DCENSUS_OPENBLAS", '-DCENSUS_TEST_DATA="tests/data"', '-DCENSUS_EXAMPLES_FOLDER="examples"',
           *package("--cflags", "eigen3", "openblas", "libpcre2-8")]
LIBRARIES = [*package("--libs", "openblas", "libpcre2-8"), "-ltbb"]


def compiled(source, into):
    """The object of a source; None where it does not compile."""
    into.parent.mkdir(parents=True, exist_ok=True)
    command = [*COMPILE, *(["-fno-sanitize=all"] if source == MAIN else []), "-c", str(source.relative_to(ROOT)), "-o", str(into)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if answer.returncode != 0:
        print(answer.stderr[-2000:], file=sys.stderr)
    return into if answer.returncode == 0 else None


def unchanged(source):
    """The object of a source that was not mutated: compiled once a run."""
    into = BUILD / "objects" / (str(source.relative_to(ROOT)).replace("/", "_") + ".o")
    if into not in known:
        known.add(into)
        if compiled(source, into) is None:
            sys.exit(f"{source} does not compile")
    return into


known = set()


def outcome(objects):
    """How a program of these objects ends: None where its tests pass, else what stopped it."""
    program = BUILD / "test"
    subprocess.run(["g++", *SANITIZERS, *map(str, objects), *LIBRARIES, "-o", str(program)], cwd=ROOT, check=True)
    try:
        answer = subprocess.run([program, "-a"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return "does not end"
    if answer.returncode == 0:
        return None
    said = answer.stdout + answer.stderr
    if "AddressSanitizer" in said:
        return "AddressSanitizer"
    if "runtime error" in said:
        return "UBSan"
    return "the emulator" if "fake CUDA device" in said else "a test"


def program_of(tests, mutated=None):
    """Its objects, where `mutated` is the file below include/census/cuda that OVERLAY holds; None where one does not compile."""
    kernel = mutated is not None and mutated.endswith(".cuh")
    changed = [KERNELS, *([] if kernel and not mutated.endswith("_types.cuh") else [TESTS / name for name in tests])]
    objects = [unchanged(source) for source in (MAIN, *EMULATOR)]
    for source in (KERNELS, *(TESTS / name for name in tests)):
        if mutated is None or source not in changed or (source == KERNELS and not kernel):
            objects.append(unchanged(source))
        else:
            objects.append(compiled(source, BUILD / "mutated" / (source.stem + ".o")))
    return None if None in objects else objects


def mutate(mutant):
    text = (INCLUDE / mutant.file).read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.file} has {text.count(mutant.before)} times, not once: {mutant.before}")
    into = OVERLAY / "census" / "cuda" / mutant.file
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(text.replace(mutant.before, mutant.after))
    return into


def noticed_by(mutant):
    overlay = mutate(mutant)
    try:
        objects = program_of(mutant.tests, mutant.file)
        return "the compiler" if objects is None else outcome(objects)
    finally:
        overlay.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if not options.words or any(w in f"{m.kind} {m.file} {m.what}" for w in options.words)]
    for tests in dict.fromkeys(m.tests for m in chosen):
        if stopped := outcome(program_of(tests)):
            sys.exit(f"{shlex.join(tests)} fails without a mutant, by {stopped}")
    lines, unnoticed = [], 0
    for mutant in chosen:
        by = noticed_by(mutant)
        unnoticed += by is None
        lines.append(f"| {mutant.kind} | `{mutant.file}` | {mutant.what} | `{mutant.tests[0]}` | {by or '**nobody**'} |")
        print(lines[-1], flush=True)
    if options.table:
        head = "| kind | file | without it | test | noticed by |\n| --- | --- | --- | --- | --- |\n"
        options.table.write_text(head + "\n".join(lines) + "\n")
    print(f"{len(chosen) - unnoticed} of {len(chosen)} mutants are noticed")
    sys.exit(unnoticed > 0)


if __name__ == "__main__":
    main()
