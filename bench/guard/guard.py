# SPDX-License-Identifier: MIT
"""Compares the instructions of the hot loops with those kept in instructions.json; ../guard.sh calls it.

    guard.py PROGRAM [--update]

Instructions are callgrind's. They do not depend on what else the machine does, but on the compiler and its libraries: where these are
others than the kept ones were counted with, what differs is said, and the tolerance is 10 % instead of 3.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

KEPT = pathlib.Path(__file__).parent / "instructions.json"


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n", 1)[0].strip()


def built_with(build):
    """Compiler, flags and the libraries whose code is compiled in."""
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.M))
    facts = {"compiler": first_line(cache["CMAKE_CXX_COMPILER"], "--version"),
             "flags": f"{cache['CMAKE_CXX_FLAGS']} {cache['CMAKE_CXX_FLAGS_RELEASE']}", "valgrind": first_line("valgrind", "--version")}
    for name, header, macros in (("Eigen", "eigen3/Eigen/src/Core/util/Macros.h", ("EIGEN_WORLD_VERSION", "EIGEN_MAJOR_VERSION", "EIGEN_MINOR_VERSION")),
                                 ("oneTBB", "oneapi/tbb/version.h", ("TBB_VERSION_MAJOR", "TBB_VERSION_MINOR"))):
        text = (pathlib.Path("/usr/include") / header)
        if text.exists():
            facts[name] = ".".join(re.search(rf"#define {m}\s+(\d+)", text.read_text()).group(1) for m in macros)
    return facts


def count(program):
    """Instructions of each function guard_..., what it calls included."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        run = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program], capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"guard: callgrind ended with {run.returncode}:\n{run.stderr}")
        counts, names, called = {}, {}, None
        lines = iter(out.read_text().splitlines())
        for line in lines:
            if found := re.match(r"c?fn=\((\d+)\)(?: (.*))?", line):
                number, name = found.groups()
                if name:
                    names[number] = name
                called = names[number] if line.startswith("c") else None
            elif line.startswith("calls=") and called and called.startswith("guard_"):
                counts[called.removeprefix("guard_")] = counts.get(called.removeprefix("guard_"), 0) + int(next(lines).split()[-1])
        return counts


def main():
    program, update = pathlib.Path(sys.argv[1]), "--update" in sys.argv
    here, counts = built_with(program.parent.parent), count(program)
    if not counts:
        sys.exit("guard: no function guard_... was called")
    if update or not KEPT.exists():
        KEPT.write_text(json.dumps({"built_with": here, "instructions": counts}, indent=1) + "\n")
        print(f"guard: {len(counts)} counts are kept in {KEPT.name}")
        return 0
    kept = json.loads(KEPT.read_text())
    others = [f"{name} is {here.get(name, 'missing')}, was {was}" for name, was in kept["built_with"].items() if here.get(name) != was]
    for line in others:
        print(f"guard: {line}")
    tolerance = 0.10 if others else 0.03
    failed = False
    for name in sorted(kept["instructions"].keys() | counts.keys()):
        was, now = kept["instructions"].get(name), counts.get(name)
        if was is None or now is None:
            verdict, failed = "is not kept: guard.sh --update" if was is None else "is gone: guard.sh --update", True
        else:
            change = now / was - 1
            verdict = f"{now:>12,} instructions, {change:+7.2%}  "
            verdict += "regressed" if change > tolerance else "faster: guard.sh --update keeps it" if change < -tolerance else "ok"
            failed |= change > tolerance
        print(f"{name:20} {verdict}")
    print(f"guard: {'regressed by more than' if failed else 'nothing regressed by more than'} {tolerance:.0%}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
