# SPDX-License-Identifier: MIT
"""exports_test.py CENSUS MODEL WORK: what census export writes is valid by the schemas in tests/data/exports, tells the numbers of the
census's own files, and holds hostile text as text. Prints SKIPPED where jsonschema is missing."""
import csv
import json
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import time

try:
    import jsonschema
except ImportError:
    print("SKIPPED: Python's jsonschema is missing (Debian's python3-jsonschema)")
    sys.exit(0)

program, model, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
schemas = pathlib.Path(__file__).parent.parent / "data" / "exports"
HOSTILE = b"</script><img src=x onerror=alert(1)> \"quoted\" 'too' \\ \x1b[31mred\x1b[0m \x07 \xff\xfe\xc3( " \
          b"\xe2\x80\xaegnp.exe\xe2\x80\xac \x00 =1+1 @cmd | \xf0\x9f\x98\x80 \r\n"


def run(*arguments, code=0):
    ran = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, errors="backslashreplace")
    assert ran.returncode == code, (arguments, ran.returncode, ran.stderr)
    return ran


def validator(name):
    schema = json.loads((schemas / name).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def read(path):
    """JSON as strict readers take it: UTF-8, no control characters as they are, no NaN."""
    text = path.read_bytes().decode("utf-8")
    assert not any(ord(c) < 32 for c in text.rstrip("\n")), path
    return json.loads(text, parse_constant=lambda name: sys.exit(f"{path}: {name}"))


def check_openai(folder, examples, neurons):
    valid = validator("neuron_record.schema.json")
    files = sorted(folder.rglob("*"))
    assert sum(path.is_file() for path in files) == len(neurons)
    for layer, neuron in neurons:
        record = read(folder / str(layer) / f"{neuron}.json")
        if neuron % 32 == 0:  # jsonschema takes some 10 ms a record; numbers are compared of all
            valid.validate(record)
        assert record["neuron_id"] == {"dataclass_name": "NeuronId", "layer_index": layer, "neuron_index": neuron}
        own = examples.get((layer, neuron), {"examples": []})
        assert windows(record["most_positive_activation_records"], "activations") == windows(own["examples"], "values")
        bins = own.get("bins")
        if bins is None:
            assert record["random_sample"] == [] and record["random_sample_by_quantile"] is None
            continue
        for mine, theirs in zip(bins, record["random_sample_by_quantile"], strict=True):
            assert windows(theirs, "activations") == windows(mine["examples"], "values")
        assert record["quantile_boundaries"] == [bin["from"] for bin in bins[1:]]


def check_neuronpedia(folder, examples, neurons, projections):
    valid = validator("neuronpedia_upload.schema.json")
    seen = []
    for number, path in enumerate(sorted(folder.rglob("*.json"))):
        batch = read(path)
        if number % 8 == 0:
            valid.validate(batch)
        assert batch["modelId"] == "a/model" and batch["source"] == path.parent.name
        for feature in batch["features"]:
            key = (int(batch["source"]), feature["index"])
            seen.append(key)
            assert feature["density"] == float(neurons[key]["frequency"])
            own = examples.get(key, {"examples": []})
            groups = [own["examples"], *(bin["examples"] for bin in own.get("bins", []))]
            assert windows(feature["activations"], "values") == windows(sum(groups, []), "values")
            for one in feature["activations"]:
                assert one["quantileMin"] <= max(one["values"]) and one["quantileMin"] <= one["quantileMax"]
            ends = projections.get(key, {"promoted": [], "suppressed": []})
            for side, name in (("topLogits", "promoted"), ("bottomLogits", "suppressed")):
                assert [(one["token"], float32(one["value"])) for one in feature[side]] == \
                       [(one["text"], float32(one["score"])) for one in ends[name]]
    assert sorted(seen) == sorted(neurons)


def windows(records, values):
    return [(one["tokens"], one[values]) for one in records]


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def projected(path):
    """{(1, neuron): what it promotes and suppresses} of a file of layer 1."""
    raw = path.read_bytes()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    arrays, shape = {}, None
    for name, of in json.loads(raw[8:start]).items():
        begin, end = of["data_offsets"]
        kind = {"U32": "I", "F32": "f", "I64": "q", "U8": "B"}[of["dtype"]]
        arrays[name] = struct.unpack(f"<{(end - begin) // struct.calcsize(kind)}{kind}", raw[start + begin:start + end])
        shape = of["shape"] if name == "promoted" else shape
    ends = [0, *arrays["string_ends"]]
    texts = {token: bytes(arrays["strings"][ends[i]:ends[i + 1]]) for i, token in enumerate(arrays["tokens"])}
    told = {}
    for neuron in range(shape[0]):
        told[1, neuron] = {name: [{"text": as_text(texts[arrays[name][i]]), "score": arrays[name + "_scores"][i]}
                                  for i in range(neuron * shape[1], (neuron + 1) * shape[1])] for name in ("promoted", "suppressed")}
    return told


def as_text(token):
    """Bytes that are no UTF-8 as one U+FFFD for as many as begin a character."""
    return token.decode("utf-8", errors="replace")


shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
prose = sorted((model / "text" / "prose").glob("*.txt"))[0].read_bytes()[:6000]
(work / "hostile.txt").write_bytes(HOSTILE * 20 + prose + HOSTILE * 20)
census = work / "census"
run("take", "--model", model, "--text", work / "hostile.txt", "--context", 64, "--layers", "1:2", "--ngrams", 1, "--rounding-sample", 0,
    "--examples", 4, "--example-bins", 3, "--out", census)
lines = (census / "examples.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
examples = {(line["layer"], line["neuron"]): line for line in map(json.loads, lines)}
neurons = {(int(row["layer"]), int(row["neuron"])): row for row in csv.DictReader((census / "neurons.csv").open())}
detectors = {(line["layer"], line["neuron"]): line for line in map(json.loads, (census / "detectors.jsonl").open())}
projections = projected(census / "projections-1.safetensors")
assert len(examples) > 100 and detectors and len(projections) == len(neurons)
assert set(examples) == {key for key, row in neurons.items() if int(row["firings_without_bos"]) > 0}
text = "".join(token for line in examples.values() for one in line["examples"] for token in one["tokens"])
for part in ("script", "\x1b", "\ufffd", "\x00"):
    assert part in text, part
for line in examples.values():
    for one in line["examples"]:
        assert one["values"][one["position"] - one["first"]] == one["value"] == max(one["value"], 1e-30)
        assert len(one["ids"]) == len(one["tokens"]) == len(one["values"]) <= 24

told = run("export", census, "--to", "openai", "--out", work / "records")
assert "--pre-activations" not in told.stderr, told.stderr
check_openai(work / "records", examples, neurons)
refused = run("export", census, "--to", "openai", "--out", work / "named", "--model-id", "a/model", code=2)
assert "--model-id a/model: is for --to neuronpedia" in refused.stderr and not (work / "named").exists()
run("export", census, "--to", "neuronpedia", "--out", work / "upload", "--model-id", "a/model")
check_neuronpedia(work / "upload", examples, neurons, projections)
(census / "projections-1.safetensors").unlink()
refused = run("export", census, "--to", "neuronpedia", "--out", work / "detectors", "--model-id", "a/model", code=2)
assert "projections-1.safetensors: is missing, though run.json lists it" in refused.stderr and not (work / "detectors").exists()
listed = json.loads((census / "run.json").read_text())
listed["files"].remove("projections-1.safetensors")  # as of a census that tells it of detectors alone
(census / "run.json").write_text(json.dumps(listed))
run("export", census, "--to", "neuronpedia", "--out", work / "detectors", "--model-id", "a/model")
check_neuronpedia(work / "detectors", examples, neurons, detectors)

listed["settings"]["pre_activations"] = "yes"  # as of a census whose values are not activations, but for ReLU
(census / "run.json").write_text(json.dumps(listed))
for form in ("openai", "neuronpedia"):
    told = run("export", census, "--to", form, "--out", work / f"before-{form}")
    assert f"warning: {census} was taken with --pre-activations: the values of its examples are what goes into the activation" in told.stderr

refused = run("export", work / "no-census", "--to", "neuronpedia", "--out", work / "none", code=2)
assert "no-census: there is no such folder" in refused.stderr and not (work / "none").exists(), refused.stderr
refused = run("export", census, "--to", "openai", "--out", work / "records", code=2)
assert "records: is there already" in refused.stderr, refused.stderr

interrupted = subprocess.Popen([program, "export", census, "--to", "openai", "--out", work / "stopped"], stderr=subprocess.DEVNULL)
while not list(work.glob(".stopped.*")):
    assert interrupted.poll() is None, "the export ended before it could be interrupted"
    time.sleep(0.001)
interrupted.send_signal(signal.SIGINT)
assert interrupted.wait() == 130, interrupted.returncode
assert not list(work.glob("*stopped*")), "an export that was interrupted leaves something"

(census / "examples.jsonl").write_text("")
for command in (["export", census, "--to", "openai", "--out", work / "none"], ["report", census, "--out", work / "none"]):
    refused = run(*command, code=2)
    assert "examples.jsonl: has no line of layer 1, neuron " in refused.stderr and not (work / "none").exists(), refused.stderr
(census / "examples.jsonl").unlink()
for command in (["export", census, "--to", "openai", "--out", work / "none"], ["report", census, "--out", work / "none"]):
    refused = run(*command, code=2)
    assert "examples.jsonl: is missing, though run.json lists it" in refused.stderr and not (work / "none").exists(), refused.stderr
listed["files"].remove("examples.jsonl")
(census / "run.json").write_text(json.dumps(listed))
refused = run("export", census, "--to", "openai", "--out", work / "none", code=2)
assert "has no examples.jsonl" in refused.stderr and not (work / "none").exists()
