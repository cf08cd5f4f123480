#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the benchmarks that are built, prints how each measure stands against its goal, and writes results.json; run.sh calls it.

    run.py [--build build/release] [--out build/bench/results.json] [--quick] [--only counting,survey] [--threads 2]

Ratios are medians of paired runs, with the least and largest pair or, where a program gives them, the quartiles. `clock` is by the clock,
`cpu` by the seconds of all threads of the process, which others on the machine disturb less. Exits with 0 whatever the goals say; with 1
where a benchmark's own check of its answers fails.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PYTHON = os.environ.get("CENSUS_PYTHON", sys.executable)

def machine(build):
    cpu = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M))
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.M))
    compiler = subprocess.run([cache["CMAKE_CXX_COMPILER"], "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    wanted = ("avx", "fma", "bmi", "amx", "sve", "asimd", "popcnt")
    commit = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    return {"cpu": cpu.get("model name", platform.machine()), "cores": os.cpu_count(),
            "cpu_flags": [f for f in cpu.get("flags", cpu.get("Features", "")).split() if f.startswith(wanted)],
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), "compiler": compiler,
            "compiler_flags": f"{cache['CMAKE_CXX_FLAGS']} {cache.get('CMAKE_CXX_FLAGS_RELEASE', '')}".strip(),
            "kernel": platform.release(), "commit": commit, "date": datetime.date.today().isoformat()}


def vectors(description):
    """The widest vectors of a machine that machine() described."""
    flags = description["cpu_flags"]
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "no AVX2"


def spread(values):
    return {"median": statistics.median(values), "low": min(values), "high": max(values)}


def quartiles(given):
    return {"median": given["median"], "low": given["lower_quartile"], "high": given["upper_quartile"]}


class Failed(Exception):
    pass


class Run:
    def __init__(self, asked):
        self.asked, self.measures, self.left_out, self.details = asked, [], {}, {}
        self.programs = asked.build.resolve() / "bench"

    def output(self, program, *arguments, environment=None):
        path = self.programs / program
        if not path.exists():
            raise FileNotFoundError(f"{program} is not built here")
        print(f"run.py: {program} {' '.join(map(str, arguments))}", file=sys.stderr)
        ran = subprocess.run([path, *map(str, arguments)], stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        if ran.returncode != 0:
            raise Failed(f"{program} {' '.join(map(str, arguments))} ended with {ran.returncode}")
        return ran.stdout

    def add(self, task, name, better=None, goal=None, **more):
        self.measures.append({"task": task, "name": name, "better": better, "goal": goal, **more})

    def counting(self):
        for program, flags in (("bench_counting", ""), ("bench_counting_any", ", for any x86-64")):
            if flags and (self.asked.quick or not (self.programs / program).exists()):
                continue
            made = json.loads(self.output(program, "--benchmark_format=json", *(["--benchmark_filter=512"] if self.asked.quick else [])))
            self.details[f"counting, {program}"] = made["benchmarks"]
            for one in made["benchmarks"]:  # in turns with what it is compared to, by CPU time, on one thread
                what, shape = one["name"].split("/")[:2]
                self.add("counting", f"{what}, {shape}{flags}", "more" if what.startswith("three plain loops") else "less", one.get("goal"),
                         by="cpu", cpu=quartiles({"median": one["ratio"], **one}), clock={"median": one["ratio_by_clock"]},
                         pairs=one["iterations"])

    def layer(self):
        for context in (512, 2048):
            made = json.loads(self.output("bench_layer", "--context", context, *(["--runs", 7] if self.asked.quick else [])))
            self.details.setdefault("layer", []).append(made)
            for part, name in (("attention", "attention"), ("feed_forward", "fc1, activation, packing"), ("update", "fc2")):
                self.add("layer", f"{name} / its products, T = {context}", pairs=made["pairs"],
                         clock=quartiles(made[part]["clock"]["ratio"]), cpu=quartiles(made[part]["cpu"]["ratio"]))

    def survey(self):
        for context in (512, 2048):
            self.against_floor("bench_survey", f"whole survey / bare products, T = {context}", "survey", context, 1.2, 0.04, [])
        self.against_floor("bench_survey", "whole survey, 3 % firing / bare dense products, T = 512", "survey", 512, 0.9, None,
                           ["--firing", "0.03"])

    def examples(self):
        """Of a corpus this short much of what is met is among the largest: of a longer one examples take less."""
        for firing in (0.03, 0):
            made = json.loads(self.output("bench_examples", "--firing", firing, "--runs", 3 if self.asked.quick else 9))
            self.details.setdefault("examples", []).append(made)
            share = f"{100 * firing:.0f} % firing" if firing else "half of them firing"
            for key, name, goal in (("with_to_without", "a survey with ten examples a neuron / without", 1.1),
                                    ("examples_to_all_values", "ten examples a neuron / comparing all values", None)):
                self.add("examples", f"{name}, {share}", "less", goal, pairs=made["pairs"],
                         clock=quartiles(made[key]["clock"]["ratio"]), cpu=quartiles(made[key]["cpu"]["ratio"]))

    def against_floor(self, program, name, task, context, goal, statistics_goal, more):
        """Of the JSON that bench_survey and bench_layer print."""
        quick, threads = self.asked.quick, self.asked.threads
        tokens = 4096 if quick else 8192
        made = json.loads(self.output(program, "--context", context, "--sequences", max(threads, tokens // context), "--threads", threads,
                                      "--runs", 3 if quick else 9, *more))
        self.details.setdefault(task, []).append(made)
        key = next(k for k in made if k.endswith("_to_floor"))
        self.add(task, name, "less", goal, clock=quartiles(made[key]["clock"]["ratio"]), cpu=quartiles(made[key]["cpu"]["ratio"]),
                 pairs=made.get("pairs"))
        floor, peak = made["floor_gflops"], made["peak_gflops"]
        self.add(task, f"speed of {name.split(' / ')[1]} / FMA peak", clock={"median": floor / peak}, gflops=[floor, peak])
        if "statistics_share" in made and statistics_goal:
            shares = {k: {"median": v} if isinstance(v, (int, float)) else quartiles(v) for k, v in made["statistics_share"].items()}
            self.add(task, f"share of the three tables in it, T = {context}", "less", statistics_goal, **shares)

    def ngrams(self):
        """Seconds of all threads, which others disturb less; the goal is issue C's."""
        tokens = 500_000 if self.asked.quick else 1_000_000
        total = {}
        for _ in range(1 if self.asked.quick else 2):
            for line in self.output("bench_ngrams", tokens).splitlines():
                if found := re.match(r"(token table|trigrams by sorting|trigrams, firings in a file)((?:\s+[\d.]+){6})", line):
                    total.setdefault(found.group(1), []).append(float(found.group(2).split()[4]))
                    self.details.setdefault("ngrams", []).append(line)
        for name in ("trigrams by sorting", "trigrams, firings in a file"):
            self.add("ngrams", f"{name} / token table, {tokens:,} tokens", "less", 5.0, pairs=len(total[name]),
                     cpu=spread([a / b for a, b in zip(total[name], total["token table"])]))
        self.ngrams_of_wide_layers()

    def ngrams_of_wide_layers(self):
        """Where firings lie in memory, in the order of the text, against where they lie in a file, in columns."""
        tokens, neurons = (100_000, 8192) if self.asked.quick else (500_000, 36_864)
        clock, cpu = {}, {}
        for line in self.output("bench_ngrams", "--places", tokens, neurons).splitlines():
            if found := re.match(r"(trigrams by sorting|trigrams, firings in a file)((?:\s+[\d.]+){7})", line):
                figures = [float(figure) for figure in found.group(2).split()]
                clock.setdefault(found.group(1), []).append(figures[2])
                cpu.setdefault(found.group(1), []).append(figures[5])
                self.details.setdefault("ngrams", []).append(line)
        memory, file = "trigrams by sorting", "trigrams, firings in a file"
        self.add("ngrams", f"counting trigrams, firings in memory / in a file, {tokens:,} tokens, {neurons:,} neurons", "less", 1.0, pairs=len(clock[file]),
                 **{by: spread([a / b for a, b in zip(times[memory], times[file])]) for by, times in (("clock", clock), ("cpu", cpu))})

    def replay(self):
        """Recorded firings out of the file cache; what is recorded beyond it is as fast as its disk."""
        made = json.loads(self.output("bench_replay", *(["--tokens", 100_000, "--runs", 5] if self.asked.quick else [])))
        self.details["replay"] = made
        for key, name, by, goal in (("replay_to_memcpy", "replay, every word looked at / memcpy of its bytes", "cpu", None),
                                    ("liveness_to_memcpy", "liveness of a replay / memcpy of its bytes", "cpu", None),
                                    ("three_tables_replayed_to_in_memory", "three tables, replayed / of blocks in memory", "cpu", 1.1)):
            self.add("replay", name, goal and "less", goal, by=by, pairs=made["pairs"],
                     **{each: quartiles(made[key][each]["ratio"]) for each in ("clock", "cpu")})

    def growth(self):
        made = subprocess.run([HERE / "guard.sh", "--growth"], stdout=subprocess.PIPE, text=True)
        if made.returncode != 0:
            raise FileNotFoundError(made.stdout.strip() or f"guard.sh --growth ended with {made.returncode}")
        growth = self.details["growth"] = json.loads(made.stdout)
        for what in ("tokens", "layers"):
            self.add("growth", f"instructions for 1, 2, 4, 8 times the {what}: furthest from a line", "less", 0.02,
                     instructions={"median": growth[what]["furthest"]})
        self.add("growth", f"peak memory for {growth['memory']['times']} times the tokens / for one", "less", 1.02,
                 memory={"median": growth["memory"]["ratio"]})
        self.add("growth", "the same where all cells widen from 1 byte to 2 on the way", memory={"median": growth["memory"]["widening"]})

    def peers(self):
        out, asked = self.asked.out.resolve().with_name("peers.json"), self.asked
        arguments = [PYTHON, HERE / "peers" / "compare.py", "--programs", self.programs, "--work", out.parent, "--out", out, "--threads",
                     str(asked.threads), *(["--quick"] if asked.quick else [])]
        print(f"run.py: peers, with {PYTHON}", file=sys.stderr)
        out.unlink(missing_ok=True)
        made = subprocess.run(list(map(str, arguments)), stderr=subprocess.PIPE if asked.silent else None, text=True)
        if made.returncode == 77:
            raise FileNotFoundError("peers are not available; CENSUS_PYTHON should name a Python with torch and transformers "
                                    "(bench/peers/compare.py says how)")
        if out.exists():  # ended early, it leaves the scenarios that it had finished
            found = self.details["peers"] = json.loads(out.read_text())
            self.measures += found.pop("measures")
            self.left_out.update({f"peers: {name}": why for name, why in found["left_out"].items()})
        if made.returncode != 0:
            raise Failed(f"compare.py ended with {made.returncode} {(made.stderr or '').strip()[-500:]}")


def value_of(measure):
    """The figure that a goal is held against, and what it was taken by."""
    by = measure.get("by") or next(k for k in ("clock", "cpu", "instructions", "memory") if k in measure)
    return by, measure[by]


def verdict(measure):
    """Whether the median reaches the goal; and where the goal lies within the spread, that."""
    goal, value = measure.get("goal"), value_of(measure)[1]
    disturbed = "" if measure.get("undisturbed", True) else ", disturbed"
    if goal is None:
        return disturbed.removeprefix(", ")
    ratio = value["median"]
    holds = ratio <= goal if measure["better"] == "less" else ratio >= goal
    short = abs(ratio / goal - 1)
    within = ", within the spread" if value.get("low", ratio) < goal < value.get("high", ratio) else ""
    return ("holds" if holds else f"short by {short:{'.0%' if short >= 0.01 else '.1%'}}") + within + disturbed


def digits(value):
    return f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}"


def rows_of(measures):
    """measure, ratio, its spread, what it is by, the ratio by the other clock, goal, verdict: as text."""
    for measure in measures:
        by, value = value_of(measure)
        between = f"{digits(value['low'])} to {digits(value['high'])}" if "low" in value else ""
        if "gflops" in measure:
            between = "{:.0f} of {:.0f} GFLOP/s".format(*measure["gflops"])
        goal = "" if measure.get("goal") is None else ("≤ " if measure["better"] == "less" else "≥ ") + digits(measure["goal"])
        other = {"clock": "cpu", "cpu": "clock"}.get(by)
        other = f"{other} {digits(measure[other]['median'])}" if other in measure else ""
        yield measure["name"], f"{value['median']:.3f}" if by == "memory" else digits(value["median"]), between, by, other, goal, verdict(measure)


def print_table(measures):
    rows = [("measure", "ratio", "spread", "by", "else", "goal", ""), *rows_of(measures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(w) if i in (0, 3, 6) else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))).rstrip())


def main():
    tasks = ("counting", "layer", "survey", "examples", "ngrams", "replay", "growth", "peers")
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build" / "release")
    asked.add_argument("--out", type=pathlib.Path, default=HERE.parent / "build" / "bench" / "results.json")
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--silent", action="store_true", help="do not show the peers' progress")
    asked.add_argument("--only", help=f"of {', '.join(tasks)}; the others' results are kept")
    asked.add_argument("--threads", type=int, default=min(2, os.cpu_count()))
    asked = asked.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    wanted = asked.only.split(",") if asked.only else [t for t in tasks if not (asked.quick and t == "growth")]
    if unknown := set(wanted) - set(tasks):
        sys.exit(f"run.py: there is no task {', '.join(sorted(unknown))}; there are {', '.join(tasks)}")

    run, runs, failed, kept_machine = Run(asked), {}, {}, None
    if asked.only and asked.out.exists():  # the other tasks' results are kept
        before = json.loads(asked.out.read_text())
        run.measures = [m for m in before["measures"] if m["task"] not in wanted]
        run.details = {k: v for k, v in before["details"].items() if not k.startswith(tuple(wanted))}
        run.left_out = {k: v for k, v in before["left_out"].items() if k.split(":")[0] not in wanted}
        runs, failed = ({k: v for k, v in before[what].items() if k not in wanted} for what in ("runs", "failed"))
        for one in runs.values():
            one.setdefault("vectors", vectors(before["machine"]))
        if vectors(before["machine"]) != vectors(machine(asked.build.resolve())):
            kept_machine = before["machine"]  # most was measured there
    for task in wanted:
        load, start = os.getloadavg()[0], time.monotonic()
        try:
            getattr(run, task)()
        except FileNotFoundError as error:
            run.left_out[task] = str(error)
        except Exception as error:  # the other tasks go on
            failed[task] = f"{type(error).__name__}: {error}"
        description = machine(asked.build.resolve())
        surveyed = run.details.get("survey") or [{}]
        description["blas"] = surveyed[0].get("blas") or next(
            (r["remark"] for r in run.details.get("peers", {}).get("rates", []) if r["peer"] == "census"), None)
        runs[task] = {"commit": description["commit"], "date": description["date"], "cpu": description["cpu"],
                      "vectors": vectors(description), "threads": asked.threads,
                      "quick": asked.quick, "load": [load, os.getloadavg()[0]], "seconds": round(time.monotonic() - start)}
        results = {"machine": kept_machine or description, "threads": asked.threads, "runs": runs, "measures": run.measures, "left_out": run.left_out,
                   "failed": failed, "details": run.details}
        asked.out.write_text(json.dumps(results, indent=1) + "\n")

    loads = [one for task in runs.values() for one in task["load"]]
    print(f"\n{description['cpu']}, {description['cores']} cores, {asked.threads} threads, {description['compiler']}; load "
          f"{min(loads):.1f} to {max(loads):.1f}\n")
    print_table(run.measures)
    for name, why in run.left_out.items():
        print(f"left out: {name}: {why}")
    for task, why in failed.items():
        print(f"FAILED: {task}: {why}")
    print(f"\n{asked.out}")
    return 1 if any(task in failed for task in wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
