#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The survey among its peers: tokens a second on the same weights, the same text and the same threads.

    python3 compare.py --programs build/release/bench --work FOLDER --out peers.json [--quick] [--threads 2] [--rounds 7]

Each peer is a process that has its model in memory. They take turns, so that what else the machine does falls on all of them; a ratio is
that of two turns of one round, and the median of the rounds with its least and largest is told. A turn during which other programs used
more than a tenth of the cores is taken again, as long as --patience lasts; where there are three rounds without such turns, only these count.
Exit 0: done; 1: a peer counts otherwise than transformers; 77: PyTorch or transformers is missing.
Before anything is timed, the tables that peers count are compared with those of transformers, cell by cell: they may differ by the
pre-activations within rounding of zero, no more.

Nothing is installed here. To have the peers:

    python3 -m venv venv && venv/bin/pip install torch transformers transformer-lens ctranslate2
    CENSUS_PYTHON=venv/bin/python ./bench/run.sh

A peer that cannot be imported is left out by name. Models and texts are made once, in FOLDER (make_model.py).
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
LAYERS, NEURONS = 12, 3072


class Peer:
    def __init__(self, name, command, model, text, context, threads, environment=None, *more):
        self.name, self.text, self.context = name, text, context
        import numpy as np
        sequences = (environment or {}).get("PEER_SEQUENCES", len(np.load(text)))
        self.tokens = int(sequences) * context
        quiet = None if os.environ.get("CENSUS_BENCH_VERBOSE") else subprocess.DEVNULL
        self.process = subprocess.Popen([*command, model, text, str(context), str(threads), *more], stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=quiet, env={**os.environ, **(environment or {})})

    def ready(self):
        self.remark = self.process.stdout.readline().strip()
        return self.remark.startswith("ready")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def turn(self):
        """Tokens a second, the share of the cores that others used meanwhile, tokens a second of processor time."""
        busy, own, start = busy_seconds(), self.processor_seconds(), time.perf_counter()
        seconds = float(self.ask("run"))
        passed, own = time.perf_counter() - start, self.processor_seconds() - own
        return self.tokens / seconds, max(0.0, busy_seconds() - busy - own) / passed / os.cpu_count(), self.tokens / own

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def busy_seconds():
    fields = [int(f) for f in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")  # all but idle and waiting for a disk


def other_kernel(remark):
    """A kernel of OpenBLAS for this CPU's AVX-512 where it chose one without, as versions do that are older than the CPU."""
    flags = pathlib.Path("/proc/cpuinfo").read_text()
    if " avx512bw " in flags and "OpenBLAS" in remark and remark.endswith(("Haswell", "Zen")):
        return {"OPENBLAS_CORETYPE": "SkylakeX"}
    return None


def compare_tables(reference, theirs, near, distinct, context):
    """How many cells differ, and whether all differences are pre-activations near zero."""
    import numpy as np
    shapes = [(LAYERS, NEURONS), (LAYERS, context, NEURONS), (LAYERS, distinct, NEURONS)]
    sizes = [int(np.prod(s)) for s in shapes]
    tables = [np.fromfile(file, dtype=np.int32) for file in (reference, theirs, near)]
    if any(len(t) != sum(sizes) for t in tables):
        return {"holds": False, "why": "tables of another size"}
    differences = np.abs(tables[0] - tables[1])
    by_neuron = differences[:sizes[0]]
    return {"holds": bool((differences <= tables[2]).all()), "cells": sum(sizes), "cells_that_differ": int((differences > 0).sum()),
            "neurons": sizes[0], "neurons_that_differ": int((by_neuron > 0).sum()), "firings": int(tables[0][:sizes[0]].sum()),
            "firings_near_zero": int(tables[2][:sizes[0]].sum())}


class Comparison:
    def __init__(self, asked):
        self.asked, self.rates, self.measures, self.checks, self.profiles, self.left_out = asked, [], [], [], [], {}
        self.patience = asked.patience

    def model(self, name):
        folder = self.asked.work / name
        if not (folder / "config.json").exists() or not (folder / "model.safetensors").exists():
            print(f"making the {name} model ...", file=sys.stderr)
            subprocess.run([sys.executable, HERE / "make_model.py", folder, *(["--firing", "0.03"] if name == "sparse" else [])],
                           check=True, stderr=subprocess.DEVNULL)
        return folder

    def text(self, context, sequences):
        path = self.asked.work / f"text-{context}-{sequences}.npy"
        if not path.exists():
            subprocess.run([sys.executable, HERE / "make_model.py", "--text", path, "--context", str(context), "--sequences",
                            str(sequences)], check=True)
        return path

    def scenario(self, name, model, context, sequences, wanted):
        threads, programs, python = self.asked.threads, self.asked.programs, sys.executable
        folder, text = self.model(model), self.text(context, sequences)
        few = {"PEER_SEQUENCES": str(max(1, sequences // 4))}
        census = programs / "census_survey"
        known = {
            "census": lambda: Peer("census", [census], folder, text, context, threads),
            "census, Eigen": lambda: Peer("census, Eigen", [programs / "census_survey_eigen"], folder, text, context, threads),
            "plain loop": lambda: Peer("plain loop", [census], folder, text, context, threads, None, "plain"),
            "transformers": lambda: Peer("transformers", [python, HERE / "transformers_hooks.py"], folder, text, context, threads),
            "TransformerLens": lambda: Peer("TransformerLens", [python, HERE / "transformer_lens_cache.py"], folder, text, context, threads,
                                            few),
            "TransformerLens, post": lambda: Peer("TransformerLens, post", [python, HERE / "transformer_lens_cache.py"], folder, text,
                                                  context, threads, few, "post"),
            "CTranslate2": lambda: Peer("CTranslate2", [python, HERE / "ctranslate2_forward.py"], folder, text, context, threads),
            "CTranslate2, logits": lambda: Peer("CTranslate2, logits", [python, HERE / "ctranslate2_forward.py"], folder, text, context,
                                                threads, None, "logits"),
        }
        peers = {}
        for peer in wanted:  # one after the other, so that none chooses its way while another warms up
            print(f"{name}: opening {peer} ...", file=sys.stderr)
            candidate = known[peer]()
            if candidate.ready():
                peers[peer] = candidate
            else:
                candidate.process.wait()
                self.left_out[peer] = "it does not start here (CENSUS_BENCH_VERBOSE=1 shows why)"
        if "census" in peers and (kernel := other_kernel(peers["census"].remark)):
            peer = Peer("census, AVX-512 kernel", [census], folder, text, context, threads, kernel)
            if peer.ready():
                peers[peer.name] = peer
        self.check(name, peers, text, context)
        rounds = self.take_turns(name, peers)
        self.report(name, peers, rounds)
        for peer in peers.values():
            if peer.name in ("transformers", "TransformerLens"):
                self.profiles.append({"scenario": name, "peer": peer.name, "shares": json.loads(peer.ask("profile"))})
            peer.close()

    def check(self, name, peers, text, context):
        if "transformers" not in peers:
            return
        import numpy as np
        distinct = len(np.unique(np.load(text)))
        files = {kind: self.asked.work / f"tables-{kind}.bin" for kind in ("reference", "near", "theirs")}
        assert peers["transformers"].ask(f"tables {files['reference']}") == "done"
        assert peers["transformers"].ask(f"near {files['near']}") == "done"
        for peer in peers.values():
            if peer.name == "transformers" or "CTranslate2" in peer.name:
                continue
            assert peer.ask(f"tables {files['theirs']}") == "done"
            self.checks.append({"scenario": name, "peer": peer.name,
                                **compare_tables(files["reference"], files["theirs"], files["near"], distinct, context)})
            if not self.checks[-1]["holds"]:
                sys.exit(f"{name}: {peer.name} counts otherwise than transformers: {self.checks[-1]}")
        for file in files.values():
            file.unlink()

    def take_turns(self, name, peers):
        rounds = []
        for number in range(self.asked.rounds):
            order = list(peers) if number % 2 == 0 else list(reversed(peers))
            rounds.append({})
            for peer in order:
                while True:
                    time.sleep(0.3)  # threads of the one before stop spinning
                    rate, others, by_processor = peers[peer].turn()
                    if others <= 0.1 or self.patience <= 0:
                        break
                    self.patience -= peers[peer].tokens / rate
                rounds[-1][peer] = rate, others, by_processor
            print(f"{name}: round {number + 1}: " + ", ".join(f"{p} {r:.0f}" + ("*" if o > 0.1 else "")
                                                             for p, (r, o, _) in sorted(rounds[-1].items())), file=sys.stderr)
        return rounds

    def report(self, name, peers, rounds):
        def spread(values):
            return {"median": statistics.median(values), "low": min(values), "high": max(values)}

        def quiet(names):
            kept = [r for r in rounds if all(r[n][1] <= 0.1 for n in names)]
            return (kept, True) if len(kept) >= min(3, len(rounds)) else (rounds, False)

        for peer in peers.values():
            kept, undisturbed = quiet([peer.name])
            self.rates.append({"scenario": name, "peer": peer.name, "remark": peer.remark.removeprefix("ready").lstrip(": "),
                               **spread([r[peer.name][0] for r in kept]),
                               "a_processor_second": spread([r[peer.name][2] for r in kept]), "rounds": len(kept), "undisturbed": undisturbed})
        for census in ("census", "census, AVX-512 kernel"):
            for peer in peers:
                if census in peers and not peer.startswith("census") or (peer == "census, Eigen" and census == "census"):
                    kept, undisturbed = quiet([census, peer])
                    self.measures.append({
                        "task": "peers", "name": f"{name}: {census} / {peer}", "better": "more", "goal": goal(name, census, peer),
                        "clock": spread([r[census][0] / r[peer][0] for r in kept]),
                        "cpu": spread([r[census][2] / r[peer][2] for r in kept]), "rounds": len(kept), "undisturbed": undisturbed})


def goal(scenario, census, peer):
    """Issue E, acceptance 2; for the kernel that OpenBLAS chooses by itself."""
    if census != "census":
        return None
    if peer == "transformers":
        return 1.15 if scenario == "dense, T = 512" else 1.4
    return {"TransformerLens": 5.0, "CTranslate2": 1.0}.get(peer)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--programs", type=pathlib.Path, required=True)
    asked.add_argument("--work", type=pathlib.Path, required=True)
    asked.add_argument("--out", type=pathlib.Path, required=True)
    asked.add_argument("--quick", action="store_true", help="two rounds of few sequences")
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--rounds", type=int)
    asked.add_argument("--patience", type=float, default=300, help="seconds of turns to take again because others were busy")
    asked.add_argument("--only", help="a scenario's number, from 0")
    asked = asked.parse_args()
    asked.rounds = asked.rounds or (2 if asked.quick else 7)
    asked.work.mkdir(parents=True, exist_ok=True)
    asked.work, asked.programs = asked.work.resolve(), asked.programs.resolve()
    try:
        import numpy, torch, transformers
    except ImportError as error:
        print(f"the peers are left out: {sys.executable} cannot import {error.name}; see bench/peers/compare.py", file=sys.stderr)
        sys.exit(77)

    comparison = Comparison(asked)
    some, few = ("census", "plain loop", "transformers"), 2 if asked.quick else 8
    scenarios = [("dense, T = 512", "dense", 512, max(4, few), (*some, "census, Eigen", "CTranslate2", "TransformerLens") +
                  (() if asked.quick else ("CTranslate2, logits", "TransformerLens, post"))),
                 ("3 % firing, T = 512", "sparse", 512, max(4, few), some),
                 ("dense, T = 2048", "dense", 2048, 2 if asked.quick else 4, ("census", "transformers", "CTranslate2", "TransformerLens"))]
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    from importlib import metadata
    for package in ("transformer-lens", "ctranslate2"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            pass
    start = os.getloadavg()[0]
    for number, scenario in enumerate(scenarios):
        if asked.only is None or str(number) in asked.only:
            comparison.scenario(*scenario)
        asked.out.write_text(json.dumps({
            "benchmark": "peers", "versions": versions, "threads": asked.threads, "load_before_and_after": [start, os.getloadavg()[0]],
            "left_out": comparison.left_out, "checks": comparison.checks, "rates": comparison.rates, "measures": comparison.measures,
            "profiles": comparison.profiles}, indent=1) + "\n")


if __name__ == "__main__":
    main()
