#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes barriers, bounds, masks and waits out of include/census/cuda, one at a time, and runs the tests that are to notice:
with AddressSanitizer, on the emulator. Exit 1 where one goes unnoticed. Needs g++ and what the tests need; takes some
minutes, so it is run by hand.

  run.py [--table FILE] [--jobs N] [WORD...]   only mutants whose line has one of the words; --table writes the table for the docs
"""

import argparse
import concurrent.futures
import pathlib
import shlex
import subprocess
import sys
import tempfile

from mutants import MUTANTS

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = ROOT / "build" / "mutants"
INCLUDE = ROOT / "include" / "census" / "cuda"
TESTS = ROOT / "tests" / "cuda"
EMULATOR = [TESTS / "emulator" / name for name in ("fake_device.cpp", "memory_calls.cpp", "runtime_calls.cpp", "thread_block.cpp")]
KERNELS = TESTS / "emulator" / "kernels.cpp"
MAIN = ROOT / "tests" / "support" / "main.cpp"


def package(*arguments):
    answer = subprocess.run(["pkg-config", *arguments], capture_output=True, text=True)
    return answer.stdout.split() if answer.returncode == 0 else []


# Which kernels a test needs, so that no more are compiled anew; all of them where it is not here.
KERNELS_OF = {f"kernels/{name}_test.cpp": (name,) for name in ("activation", "attention", "norm", "pack", "prepare")}
KERNELS_OF["kernels/count_test.cpp"] = ("count", "prepare")

SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize=null", "-fno-sanitize-recover=all"]
COMPILE = ["g++", "-std=c++20", "-O1", "-w", *SANITIZERS, "-Iinclude", "-Itests/cuda/emulator", "-Itests/cuda",
           "-Itests", "-DCENSUS_OPENBLAS", '-DCENSUS_TEST_DATA="tests/data"', '-DCENSUS_EXAMPLES_FOLDER="examples"',
           *package("--cflags", "eigen3", "openblas", "libpcre2-8")]
LIBRARIES = [*package("--libs", "openblas", "libpcre2-8"), "-ltbb"]


def compiled(source, into, overlay=None):
    """The object of a source, where a folder `overlay` stands in for include/ as far as it goes; None where it does not compile."""
    into.parent.mkdir(parents=True, exist_ok=True)
    compiler, *options = COMPILE
    command = [compiler, *([f"-I{overlay}"] if overlay else []), *options, *(["-fno-sanitize=all"] if source == MAIN else []),
               "-c", str(source.relative_to(ROOT)), "-o", str(into)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if answer.returncode != 0:
        print(answer.stderr[-2000:], file=sys.stderr)
    return into if answer.returncode == 0 else None


def newest_of(source):
    """When what a source may include was written last."""
    headers = [file for folder in (ROOT / "include", TESTS / "support", TESTS / "emulator") for file in folder.rglob("*.*")]
    return max(file.stat().st_mtime for file in (source, *headers))


def unchanged(source):
    """The object of a source that was not mutated: compiled where it is older than what it may include."""
    into = BUILD / "objects" / (str(source.relative_to(ROOT)).replace("/", "_") + ".o")
    if not into.exists() or into.stat().st_mtime < newest_of(source):
        if compiled(source, into) is None:
            sys.exit(f"{source} does not compile")
    return into


def outcome(objects, folder):
    """How a program of these objects ends: None where its tests pass, else what stopped it."""
    program = folder / "test"
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


def objects_of(tests):
    return [unchanged(source) for source in (MAIN, *EMULATOR, KERNELS, *(TESTS / name for name in tests))]


def mutated_objects(mutant, folder):
    """Those of its tests, where what includes the mutated file is compiled anew; None where something does not compile."""
    text = (INCLUDE / mutant.file).read_text()
    if text.count(mutant.before) != 1:
        sys.exit(f"{mutant.file} has {text.count(mutant.before)} times, not once: {mutant.before}")
    into = folder / "include" / "census" / "cuda" / mutant.file
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(text.replace(mutant.before, mutant.after))

    objects = [unchanged(source) for source in (MAIN, *EMULATOR)]
    device_code, read_by_both = mutant.file.endswith(".cuh"), mutant.file.endswith("_types.cuh")
    if device_code:
        kernels = folder / "kernels.cpp"
        needed = [f"kernels/{name}.cuh" for name in KERNELS_OF.get(mutant.tests[0], ())] or ["kernels.cu"]
        kernels.write_text("".join(f"#include <census/cuda/{file}>\n" for file in needed))
        objects.append(compiled(kernels, folder / "kernels.o", folder / "include"))
    else:
        objects.append(unchanged(KERNELS))
    for name in mutant.tests:
        test = TESTS / name
        anew = not device_code or read_by_both
        objects.append(compiled(test, folder / "test.o", folder / "include") if anew else unchanged(test))
    return None if None in objects else objects


def noticed_by(mutant):
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        objects = mutated_objects(mutant, pathlib.Path(folder))
        return "the compiler" if objects is None else outcome(objects, pathlib.Path(folder))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if not options.words or any(w in f"{m.kind} {m.file} {m.what}" for w in options.words)]
    BUILD.mkdir(parents=True, exist_ok=True)
    for tests in dict.fromkeys(m.tests for m in chosen):
        if stopped := outcome(objects_of(tests), BUILD):
            sys.exit(f"{shlex.join(tests)} fails without a mutant, by {stopped}")
    lines, unnoticed = [], 0
    for mutant, by in zip(chosen, concurrent.futures.ThreadPoolExecutor(options.jobs).map(noticed_by, chosen)):
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
