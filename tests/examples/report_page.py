# SPDX-License-Identifier: MIT
"""report_page.py CENSUS MODEL WORK: a report is opened in headless Chromium and worked with by keyboard and mouse; what
hostile files say stays text, and nothing is asked of the network. Skipped where there is no Chromium or no gnuplot."""
import csv
import json
import os
import shutil
import struct
import subprocess
import sys

import chromium

HOSTILE = ["</script><script>window.broken = 1</script>", "<img src=x onerror='window.broken = 1'>", '"><svg onload=broken()>',
           "\u202eevil\u202c\u2066", "\u2028\u2029\u0000\ufeff\u200b\u00ad\U000e0041", "\u001b[2J\u0007", "=1+1", "{{script}}", "\ud83d\ude00 & é", "\r\n\t "]
NEURONS = 8192 // 4  # of a layer of the bundled model
FOLDER = "<img src=x onerror=broken=1> \u202e\u001b[2J"


def check(holds, what):
    if not holds:
        raise SystemExit(f"FAILED: {what}")


def lines_of(path, lines):
    with open(path, "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def projections(path, neurons, texts):
    """A file that tells of each neuron that it promotes and suppresses these texts."""
    ids = list(range(len(texts)))
    texts = [text.encode("utf-16", "surrogatepass").decode("utf-16").encode() + b"\xff" for text in texts]  # not all of it UTF-8
    ends = [sum(map(len, texts[:i + 1])) for i in ids]
    scores = [0.5] * len(ids)
    arrays = {"promoted": ("U32", "I", ids * neurons), "promoted_scores": ("F32", "f", scores * neurons),
              "suppressed": ("U32", "I", ids * neurons), "suppressed_scores": ("F32", "f", scores * neurons),
              "tokens": ("U32", "I", ids), "strings": ("U8", "B", b"".join(texts)), "string_ends": ("I64", "q", ends)}
    header, data = {}, b""
    for name, (dtype, code, values) in arrays.items():
        packed = struct.pack(f"<{len(values)}{code}", *values)
        shape = [neurons, len(ids)] if len(values) == neurons * len(ids) else [len(values)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    header = json.dumps(header).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)


DOUBTED = {(1, 7): {"frequency": "0.065", "positional_type": "one_extreme", "positional_strong": "0",
                    "positional_type_by_own_rate": "both_extremes"},
           (1, 8): {"frequency": "0.99996", "positional_type": "other", "positional_strong": "0"}}


def doubt(path):
    """Gives neurons figures to doubt."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(DOUBTED.get((int(row["layer"]), int(row["neuron"])), {}))
    with open(path, "w") as file:
        file.writelines(",".join(cells) + "\n" for cells in [list(rows[0]), *(row.values() for row in rows)])


def spoil(folder):
    """What a census's files could say of a hostile model and text."""
    ngrams = [{"text": text, "ids": [1], "firings": 3, "occurrences": 3} for text in HOSTILE]
    ranked = [{"text": text, "id": 1, "score": 0.5} for text in HOSTILE]
    for layer in range(4):
        projections(f"{folder}/projections-{layer}.safetensors", NEURONS, HOSTILE)
    lines_of(folder + "/detectors.jsonl", [{"layer": 1, "neuron": 7, "n": 1, "firings_without_bos": 30, "cover": 3, "ngrams": ngrams,
                                            "promoted": ranked, "suppressed": ranked, "supported": 0, "verdict": HOSTILE[1]}])
    example = {"value": 2, "document": 3, "piece": 0, "position": 25, "first": 20, "ids": list(range(len(HOSTILE))), "tokens": HOSTILE,
               "values": [2 if i == 5 else 1 / (1 + i) for i in range(len(HOSTILE))]}
    with open(folder + "/neurons.csv") as file:  # every neuron that fired has a line
        fired = {(int(row["layer"]), int(row["neuron"])) for row in csv.DictReader(file) if int(row["firings_without_bos"]) > 0}
    lines_of(folder + "/examples.jsonl", [{"layer": layer, "neuron": neuron, "examples": [example] if (layer, neuron) == (1, 7) else []}
                                          for layer, neuron in sorted(fired | {(1, 7)})])
    doubt(folder + "/neurons.csv")
    with open(folder + "/run.json") as file:
        run = json.load(file)
    run["tokens_by_domain"] = {text: 1 for text in HOSTILE}
    run["texts"][0]["path"] = run["model"][0]["path"] = run["settings"]["model"] = HOSTILE[0]
    run["files"] = sorted({*run["files"], "examples.jsonl"})
    run["ignored"] = [{"what": HOSTILE[1], "count": 1, "places": [HOSTILE[0]]}]
    with open(folder + "/run.json", "w") as file:
        json.dump(run, file)
    with open(folder + "/layers.csv") as file:  # which counts no other detectors, and knows nothing of documents
        head, *rows = [line.rstrip("\n").split(",") for line in file]
    for row in rows:
        for i, name in enumerate(head):
            if name.endswith("_detectors"):
                row[i] = str(int(row[0] == "1" and name == "token_detectors"))
            if name in ("documents", "token_detectors_surely"):
                row[i] = ""
            if name == "provably_dead":
                row[i] = row[head.index("dead")]
    with open(folder + "/layers.csv", "w") as file:
        file.writelines(",".join(row) + "\n" for row in [head, *rows])


def check_whole(page, figures):
    """All figures are there, nothing was loaded, and no text became markup."""
    drawn = page.run("[...document.querySelectorAll('#drawn img')].filter(i => i.complete && i.naturalWidth > 100 && i.alt).length")
    check(drawn == figures, f"{drawn} figures are shown, not {figures}")
    captions = page.run("[...document.querySelectorAll('figcaption')].filter(c => /token/.test(c.textContent)).length")
    check(captions == figures, "not every caption says on how many tokens was counted")
    asked = [request for request in page.requests if not request.startswith("data:image/svg+xml")]
    check(all(request.startswith("file:") and ".html" in request or request == "about:blank" for request in asked), f"asked for {asked}")
    check(page.errors == [], f"the console tells {page.errors}")
    check(page.run("window.broken") is None, "a text was run")
    check(page.run("document.querySelectorAll('script').length") == 1, "there are other scripts")
    check(page.run("document.querySelectorAll('img').length") == figures, "there are other images")
    check(page.run("document.querySelectorAll('iframe, object, embed, link, base').length") == 0, "there are other elements")
    doubts = page.run("document.getElementById('doubts').textContent")
    check("did not choose it: the census was merged from counts alone." in doubts, f"the reason for no verdicts is not told: {doubts}")


FOCUS = "document.activeElement.id"
CHOSEN = "document.querySelector('#panel h3')?.textContent"
FIRST = "document.querySelector('#window .row[data-at=\"0\"]')?.firstChild.textContent"
AT = "document.querySelector('#window [aria-selected=true]')?.firstChild.textContent"


def check_keyboard(page, neurons):
    page.press("/")
    check(page.run(FOCUS) == "search", "/ does not lead to the search")
    page.type("1.7")
    check(page.run("document.getElementById('found').textContent").startswith("1 of "), "1.7 is not found alone")
    check(page.run(CHOSEN) == "Layer 1, neuron 7", "1.7 is not shown")
    check(page.run("new Promise(done => setTimeout(() => done(location.hash), 400))") == "#0/1.7", "the address does not hold the neuron")
    page.press("Escape")
    check(page.run(FOCUS) == "list" and page.run("document.getElementById('search').value") == "", "Esc does not end the search")
    check(page.run(AT) == "1.7", "the chosen neuron is lost when the search ends")
    for key, expected in (("ArrowDown", "1.8"), ("ArrowUp", "1.7"), ("Home", "0.0"), ("End", neurons), ("PageUp", None)):
        page.press(key)
        check(expected is None or page.run(AT) == expected, f"{key} leads to {page.run(AT)}, not to {expected}")
    check(page.run(AT) != neurons and page.run(CHOSEN) is not None, "PageUp leads nowhere")
    page.press("Home")
    check(page.run("document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant'))"
                   ".getAttribute('aria-selected')") == "true", "the active row is not told")
    check(page.run("document.querySelectorAll('#window .row').length") < 80, "rows out of sight are elements")
    page.press("Enter")
    check(page.run(FOCUS) == "panel", "Enter does not lead to the neuron")
    page.press("Escape")
    check(page.run(FOCUS) == "list", "Esc does not lead back to the list")
    outline = page.run("getComputedStyle(document.getElementById('list')).outlineStyle")
    check(outline != "none", "the focus is not seen")


def check_mouse(page):
    page.click("#list-head button[data-column=frequency]")
    values = page.run("[...document.querySelectorAll('#window .row')].slice(0, 10).map(r => parseFloat(r.children[1].textContent))")
    check(values == sorted(values, reverse=True) and values[0] > 10, f"sorted by frequency are {values}")
    check(page.run("document.querySelector('#list-head [aria-sort=descending]').textContent") == "Frequency", "the order is not told")
    page.click("#window .row[data-at='3']")
    check(page.run("document.querySelector('#panel dd').textContent") != "", "a click shows no neuron")
    page.run("(s => { s.value = '1'; s.dispatchEvent(new Event('change')); })(document.getElementById('by-firing'))")
    check(page.run("/never fired|dead/i.test(document.querySelector('#panel .verdicts').textContent)"), "silent ones do not say so")
    page.run("(s => { s.value = ''; s.dispatchEvent(new Event('change')); })(document.getElementById('by-firing'))")
    page.click("#choice input[value='1']")
    check(page.run("document.getElementById('layers-of').textContent").startswith("Of upper"), "the other census is not shown")
    check(page.run("document.querySelector('#layer-tables tbody th').textContent") == "2", "its layers are not shown")


def check_untold(page):
    """The other census was taken without projections, which the panels of its neurons that detect nothing say, and a search."""
    page.run("(s => { s.value = '2'; s.dispatchEvent(new Event('change')); })(document.getElementById('by-firing'))")
    page.run("document.getElementById('list').focus()")  # away from the choice of a census, which has keys of its own
    page.press("Home")
    for _ in range(20):
        told = page.run("document.getElementById('panel').textContent")
        if "census take --projections 8" in told:
            break
        page.press("ArrowDown")
    check("Of neurons that detect nothing this census does not tell it: census take --projections 8 writes it of all." in told,
          "a neuron does not say that its tokens are not told")
    page.run("(s => { s.value = 'promoted'; s.dispatchEvent(new Event('change')); })(document.getElementById('search-in'))")
    page.press("/")
    page.type("no such token")
    check("--projections 8" in page.run("document.getElementById('found').textContent"), "a search does not say why it finds nothing")
    page.press("Escape")
    page.run("(s => { s.value = 'fires on'; s.dispatchEvent(new Event('change')); })(document.getElementById('search-in'))")


def check_examples_lacking(page, address, writes, drawn):
    """A page without top examples says so; a search goes through what was drawn by lot, or says why it finds nothing."""
    check(page.open(address), "a page without top examples is not shown")
    page.run("(s => { s.value = '2'; s.dispatchEvent(new Event('change')); })(document.getElementById('by-firing'))")
    page.run("document.getElementById('list').focus()")
    page.press("Home")
    told = page.run("document.getElementById('panel').textContent")
    check("Where it fires most" in told and f"This page holds no top examples: {writes} writes them." in told, f"of examples is told {told}")
    check(page.run("document.querySelectorAll('#panel details .example').length > 0") == drawn, "firings drawn by lot are not shown")
    known = page.run("document.querySelector('#panel .fires.most')?.textContent ?? ''")
    page.press("/")
    page.type("no such token")
    told = page.run("document.getElementById('found').textContent")
    check((f"no tokens are known: {writes} writes them" in told) != drawn, f"a search that finds nothing tells {told}")
    if drawn:
        page.run("(s => { s.value = %s; s.dispatchEvent(new Event('input')); })(document.getElementById('search'))" % json.dumps(known))
        check(not page.run("document.getElementById('found').textContent").startswith("0 of "), f"{known!r} is not found")


def check_hostile_panel(page, address):
    check(page.open(address + "#0/1.7"), "an address with a neuron opens nothing")
    check(page.run(CHOSEN) == "Layer 1, neuron 7", "the neuron of the address is not shown")
    shown = page.run("document.getElementById('panel').textContent")
    for text in ("<img src=x onerror='window.broken = 1'>", "\\u202eevil", "\\u2028\\u2029\\u0000\\ufeff\\u200b\\u00ad\\U000e0041", "\\u001b[2J", "=1+1", "😀 & é", "␍↵⇥ "):
        check(text in shown, f"{text!r} is not shown as it is: {shown}")
    check(page.run("document.querySelectorAll('#panel .fires').length") == len(HOSTILE), "not every firing token is marked")
    check(page.run("document.querySelector('#panel .fires.most').textContent").startswith("\\u001b"), "the token of most is another one")
    strengths = page.run("[...document.querySelectorAll('#panel .fires')].map(f => f.style.getPropertyValue('--strength'))")
    check([strengths[i] for i in (0, 1, 5)] == ["0.5", "0.25", "1"], f"strengths are {strengths}")
    shown = page.run("document.querySelector('#panel .ends').textContent")
    check("promotes" in shown and shown.count("=1+1\ufffd") == 2 and "<img src=x onerror" in shown, f"it promotes {shown!r}")
    page.press("/")
    page.type("<svg")
    check(page.run("document.getElementById('found').textContent").startswith("1 of "), "a token is not found")
    page.run("(s => { s.value = 'suppressed'; s.dispatchEvent(new Event('change')); })(document.getElementById('search-in'))")
    check(page.run("document.getElementById('found').textContent").startswith(f"{4 * NEURONS:,} of "), "what is suppressed is not found")


def check_doubts(page, address):
    """What is said of verdicts holds of the neurons that it is said of."""
    for neuron, told, untold in (
            ("1.7", ["Not strong: within 1 % of the extremes the type is another one, or too few cells (300) are behind it.",
                     "being low over most positions is nothing of its own; for its own rate the type is both extremes."], "not thin"),
            ("1.8", ["Not strong: its graph is not thin."], "within 1 %")):
        check(page.open(f"{address}#0/{neuron}"), "an address with a neuron opens nothing")
        shown = page.run("document.querySelector('#panel .verdicts').textContent")
        check(all(text in shown for text in told) and untold not in shown, f"of {neuron} is said {shown!r}")
    frequency = page.run("[...document.querySelectorAll('#panel dd, #window [aria-selected=true]')].map(one => one.textContent).join()")
    check("99.9 %" in frequency and "99.99 %" in frequency and "100 %" not in frequency and "100.00 %" not in frequency,
          f"a neuron that is silent once fires at {frequency!r}")
    silent = page.run("[...document.querySelectorAll('#doubts li')].map(one => one.textContent).filter(one => /Silent is not/.test(one))")
    check(all(doubt.startswith("upper: ") for doubt in silent), f"of neurons that are proved dead is said {silent}")


def check_windows(page, address):
    page.resize(400, 800)
    check(page.open(address), "a narrow window shows nothing")
    check(page.run("document.documentElement.scrollWidth") <= 400, "a narrow window scrolls to the side")
    check(page.open(address + "#0/1.7"), "a narrow window shows no neuron")
    wide = page.run("""[...document.querySelectorAll('#panel table, #facts table, #layer-tables table')].filter(table =>
      !table.closest('.wide-table[tabindex="0"][role=region][aria-label]')).length""")
    check(wide == 0, f"{wide} tables do not scroll by themselves, and by keys")
    cut = page.run("""[...document.querySelectorAll('#panel > *, #panel details > *')].filter(one => !one.matches('.wide-table') &&
      one.getClientRects().length && (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > 400))
      .map(one => one.outerHTML.slice(0, 200))""")
    check(cut == [], f"a narrow window cuts off {cut}")
    check(page.run("document.querySelector('#choice input').offsetWidth") < 40, "the choice of a census is as wide as the window")
    check(page.run("document.querySelector('#search').offsetWidth") > 300, "the search is not as wide as the window")
    page.call("Emulation.setEmulatedMedia", media="print")
    check(page.run("getComputedStyle(document.getElementById('list')).display") == "none", "the list is printed")
    check(page.run("getComputedStyle(document.querySelector('#drawn img')).display") == "block", "figures are not printed")


def main(program, model, work):
    if not chromium.PROGRAM or not shutil.which("gnuplot"):
        print("SKIPPED: there is no Chromium, or no gnuplot")
        return
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    for name, more in ((FOLDER, []), ("upper", ["--layers", "2:4", "--projections", "0"]),
                       ("most", ["--layers", "0:1", "--examples", "2"]), ("drawn", ["--layers", "0:1", "--example-bins", "2"])):
        subprocess.run([program, "take", "--model", model, "--text", model + "/text/prose", "--context", "64", "--tokens", "4000", "--out",
                        f"{work}/{name}", *more], check=True, capture_output=True)
    spoil(f"{work}/{FOLDER}")
    told = subprocess.run([program, "report", f"./{FOLDER}", "upper", "--out", "report.html", "--figures", "figures"], check=True,
                          capture_output=True, cwd=work)
    for name in ("most", "drawn"):
        subprocess.run([program, "report", name, "--out", f"{name}.html", "--examples", "0"], check=True, capture_output=True, cwd=work)
    check(not any(byte in told.stdout + told.stderr for byte in (b"\x1b", b"\xe2\x80\xae")), "a terminal is steered")

    page = chromium.Page()
    try:
        address = f"file://{work}/report.html"
        check(page.open(address), "the report is not shown")
        check_whole(page, len([name for name in os.listdir(f"{work}/figures") if name.endswith(".svg")]))
        last = page.run("(r => r[r.length - 1])([...document.querySelectorAll('#by-layer option')]).value")
        check_keyboard(page, f"{last}.{NEURONS - 1}")
        check_mouse(page)
        check_untold(page)
        check_hostile_panel(page, address)
        check_doubts(page, address)
        check_examples_lacking(page, f"file://{work}/most.html", "census report --examples 5", drawn=False)
        check_examples_lacking(page, f"file://{work}/drawn.html", "census take --examples 5", drawn=True)
        check_windows(page, address)
        check(page.run("window.broken") is None and page.errors == [], f"a text was run, or the console tells {page.errors}")
    finally:
        page.close()
    print("the report works")


main(*map(os.path.abspath, sys.argv[1:4]))
