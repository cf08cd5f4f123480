#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws what run.sh measured: the tables between the marks in docs/benchmarks.md, and docs/benchmarks.svg.

    report.py [RESULTS.json]        # bench/results.json unless told, which is the kept run

Needs nothing but Python.
"""
import html
import json
import pathlib
import re
import sys

import run

HERE = pathlib.Path(__file__).parent
DOCS = HERE.parent / "docs"
TITLES = {"counting": "Counting, on one thread", "layer": "One layer, on one thread", "survey": "The whole survey", "examples": "Examples of firings, on one thread", "ngrams": "N-grams", "replay": "Recorded firings, on one thread",
          "growth": "Growth", "peers": "Among its peers"}


def replaced(text, mark, made):
    """What lies between <!-- mark --> and <!-- end -->."""
    pattern = rf"(<!-- {mark} -->\n).*?(<!-- end -->)"
    if not re.search(pattern, text, re.S):
        sys.exit(f"report.py: docs/benchmarks.md has no mark {mark}")
    return re.sub(pattern, lambda found: found.group(1) + made + found.group(2), text, flags=re.S)


def markdown(rows):
    head, *body = rows
    return "".join("| " + " | ".join(row) + " |\n" for row in (head, ("---",) * len(head), *body))


def machine_text(results):
    m = results["machine"]
    vectors = run.vectors(m)
    runs = results["runs"]
    busy = {task: run["load"] for task, run in runs.items() if max(run["load"]) > m["cores"] + 0.5}
    load = [one for task, run in runs.items() if task not in busy or len(busy) == len(runs) for one in run["load"]]
    elsewhere = {task: f" with {one['vectors']}" for task, one in runs.items() if one.get("vectors", vectors) != vectors}
    apart = [f"{task} at {one['commit']}{elsewhere.get(task, '')}" for task, one in runs.items()
             if (one["commit"], one["date"]) != (m["commit"], m["date"])]
    quick = [task for task, run in runs.items() if run["quick"]]
    minutes = ", ".join(f"{task} {max(1, round(run['seconds'] / 60))}" for task, run in runs.items())
    return (f"{m['cores']} cores of a shared server ({m['cpu']}, {vectors}), {m['memory_bytes'] / 2**30:.0f} GiB; {m['compiler']}, "
            f"`{m['compiler_flags']}`; {m['blas'] or 'no BLAS'}; Linux {m['kernel'].split('-')[0]}; {m['date']}, commit {m['commit']}. "
            f"{results['threads']} threads, one where a table says so. Minutes: {minutes}. "
            + (f"Measured apart: {', '.join(apart)}. " if apart else "") + (f"In haste (--quick): {', '.join(quick)}. " if quick else "")
            + f"Load average {min(load):.1f} to {max(load):.1f} while it ran"
            + (f", {max(map(max, busy.values())):.1f} at {', '.join(busy)}, where others took part of the cores and seconds of all threads, cpu, were "
               "compared.\n" if busy else ".\n"))


def measures_text(results):
    text = "".join(f"**FAILED**: {task}: {why}\n\n" for task, why in results["failed"].items())
    for task, title in TITLES.items():
        measures = [m for m in results["measures"] if m["task"] == task]
        if measures:
            rows = [("measure", "ratio", "spread", "by", "also", "goal", ""), *run.rows_of(measures)]
            text += f"**{title}**\n\n{markdown(rows)}\n"
    left_out = "".join(f"- {name}: {why}\n" for name, why in results["left_out"].items())
    return text + (f"Left out in this run:\n{left_out}\n" if left_out else "")


def rates_text(results):
    peers = results["details"].get("peers")
    if not peers:
        return "No peer was measured.\n"
    rows = [("on", "who", "tokens/s", "spread", "rounds")]
    for rate in peers["rates"]:
        rows.append((rate["scenario"], rate["peer"] + (f" ({rate['remark']})" if rate["remark"] and "OpenBLAS" not in rate["remark"] else ""),
                     f"{rate['median']:.0f}", f"{rate['low']:.0f} to {rate['high']:.0f}",
                     f"{rate['rounds']}" + ("" if rate["undisturbed"] else ", disturbed")))
    versions = ", ".join(f"{name} {version}" for name, version in peers["versions"].items())
    text = f"{versions}.\n\n{markdown(rows)}\n"
    checks = [(c["scenario"], c["peer"], f"{c['cells_that_differ']} of {c['cells']:,}", f"{c['neurons_that_differ']} of {c['neurons']:,}",
               f"{c['firings_near_zero']:,} of {c['firings']:,}") for c in peers["checks"]]
    text += "What they count, against transformers:\n\n" + markdown(
        [("on", "who", "cells that differ", "neurons that differ", "pre-activations near zero, of firings"), *checks]) + "\n"
    profiles = [(p["scenario"], p["peer"], ", ".join(f"{name} {share:.0%}" for name, share in list(p["shares"].items())[:8]))
                for p in peers.get("profiles", [])]
    if not profiles:
        return text
    return text + "Where PyTorch's time goes, of one pass (operations of 1 % and more, eight at most):\n\n" + markdown(
        [("on", "who", "operations"), *profiles]) + "\n"


def chart(results):
    """Tokens a second, a group of bars a scenario."""
    groups = {}
    for rate in results["details"].get("peers", {}).get("rates", []):
        groups.setdefault(rate["scenario"], []).append(rate)
    bar, left, width, gap, top = 18, 210, 420, 26, 34
    height = top + sum(gap + bar * len(g) for g in groups.values()) + 24
    most = max((r["high"] for g in groups.values() for r in g), default=1)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 90}" height="{height}" font-family="sans-serif" font-size="12">',
           f'<rect width="100%" height="100%" fill="white"/>', f'<text x="10" y="18" font-size="14">Tokens a second, {results["threads"]} threads '
           '(lines: least to largest round)</text>']
    y = top
    for name, group in groups.items():
        y += gap
        out.append(f'<text x="10" y="{y - 7}" font-weight="bold">{html.escape(name)}</text>')
        for rate in sorted(group, key=lambda r: -r["median"]):
            x = [left + width * rate[k] / most for k in ("low", "median", "high")]
            colour = "#2166ac" if rate["peer"].startswith("census") else "#b0b0b0"
            out.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{html.escape(rate["peer"])}</text>')
            out.append(f'<rect x="{left}" y="{y + 2}" width="{x[1] - left:.1f}" height="{bar - 4}" fill="{colour}"/>')
            out.append(f'<path d="M{x[0]:.1f} {y + 9}H{x[2]:.1f}" stroke="black"/>')
            out.append(f'<text x="{x[2] + 6:.1f}" y="{y + 13}">{rate["median"]:.0f}</text>')
            y += bar
    return "\n".join([*out, "</svg>"]) + "\n"


def main():
    if any(argument in ("-h", "--help") for argument in sys.argv[1:]):
        print(__doc__)
        return 0
    results = json.loads(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "results.json").read_text())
    page = DOCS / "benchmarks.md"
    text = page.read_text()
    for mark, made in (("machine", machine_text(results)), ("measures", measures_text(results)), ("rates", rates_text(results))):
        text = replaced(text, mark, made)
    page.write_text(text)
    (DOCS / "benchmarks.svg").write_text(chart(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
