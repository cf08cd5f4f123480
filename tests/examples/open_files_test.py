# SPDX-License-Identifier: MIT
"""open_files_test.py numpy|pandas|torch|figures WORK: examples/python opens what files_for_python.sh wrote to WORK.

Says SKIPPED where the library is missing.
"""
import csv
import importlib
import json
import math
import os
import pathlib
import re
import sys

part, work = sys.argv[1], pathlib.Path(sys.argv[2])
scripts = pathlib.Path(__file__).resolve().parents[2] / "examples" / "python"
sys.path.insert(0, str(scripts))
os.environ["MPLBACKEND"] = "Agg"
try:
    for needed in {"figures": ["pandas", "matplotlib"]}.get(part, [part]):
        importlib.import_module(needed)
    import numpy as np
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(0)

FILES = [path for folder in ("census", "recorded", "woken") for path in sorted((work / folder).iterdir())
         if not path.name.startswith("state-")] + [work / "compared.csv"]
IN_CENSUS = {"run.json", "layers.csv", "neurons.csv", "detectors.jsonl", "dead_share.csv", "census.safetensors",
             "tokens-3.safetensors", "projections-3.safetensors"}
assert IN_CENSUS <= {path.name for path in FILES}


def cells(path):
    """{column: [text]} of a table, by Python's own reader."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def numbers(texts):
    return np.array([float(text or "nan") for text in texts])


def check_numpy():
    from open_with_numpy import opened

    for path in FILES:
        found = opened(path)
        if path.suffix == ".csv":
            for name, texts in cells(path).items():
                if found[name].dtype.kind == "U":
                    assert found[name].tolist() == texts, (path, name)
                else:
                    np.testing.assert_array_equal(found[name], numbers(texts), err_msg=f"{path}, {name}")
        elif path.suffix == ".jsonl":
            assert found == lines(path)
    check_tensors(opened)
    check_projections(opened)


def check_projections(opened):
    """What neurons of the last layer promote and suppress, against E·v of the model's own weights in double precision."""
    import tensors

    tensors.TYPES["F16"] = "<f2"
    stored = opened(pathlib.Path(json.loads((work / "census" / "run.json").read_text())["settings"]["model"]) / "model.safetensors")
    weights = {name.split("decoder.")[-1]: array.astype("f8") for name, array in stored.items()}
    scores = weights["embed_tokens.weight"] @ weights["layers.3.fc2.weight"]  # [token, neuron]
    told = opened(work / "census" / "projections-3.safetensors")
    ends = {"promoted": -np.sort(-scores, axis=0), "suppressed": np.sort(scores, axis=0)}
    for name, expected in ends.items():
        ids, own = told[name].T, told[name + "_scores"].T
        assert ids.shape == own.shape == (8, scores.shape[1]) and own.dtype == np.float32
        np.testing.assert_allclose(own, expected[:8], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(own, np.take_along_axis(scores, ids.astype("i8"), 0), rtol=1e-4, atol=1e-5)
    assert (told["tokens"] == np.unique(np.concatenate([told["promoted"], told["suppressed"]]))).all()
    assert len(told["string_ends"]) == len(told["tokens"]) and told["string_ends"][-1] == len(told["strings"])


def check_tensors(opened):
    """The arrays against the table of neurons, and recorded bits against recorded values."""
    neurons, tables = cells(work / "census" / "neurons.csv"), opened(work / "census" / "census.safetensors")
    assert {name: str(array.dtype) for name, array in tables.items()} == {
        "firings": "int64", "firings_by_domain": "int64", "firings_by_position": "uint32", "tokens": "int64",
        "tokens_by_domain": "int64", "full_sequences": "int64"}
    assert (tables["firings"].ravel() == numbers(neurons["firings"])).all()
    assert (tables["firings_by_domain"].sum(1) == tables["firings"]).all()
    by_token = opened(work / "census" / "tokens-3.safetensors")
    own = numbers(neurons["firings_without_bos"])[-by_token["counts"].shape[1]:]
    assert (by_token["counts"].sum(0) == own).all() and by_token["string_ends"][-1] == len(by_token["strings"])
    bits = opened(work / "recorded" / "firings-1-0.safetensors")["firings"]
    values = opened(work / "recorded" / "values-1-0.safetensors")["values"]
    assert values.dtype == np.float32
    assert (np.unpackbits(bits, axis=1, count=values.shape[1], bitorder="little") == (values > 0)).all()
    text = opened(work / "recorded" / "text.safetensors")
    assert text["full"].dtype == bool and text["lengths"].sum() == len(text["tokens"]) == len(values)


def check_pandas():
    import pandas
    from open_with_pandas import opened

    kinds = {"Int64": r"-?\d+", "boolean": "[01]", "float64": r"-?(inf|[\d.]+(e[-+]?\d+)?)", "string": r"[^\d].*"}
    for path in FILES:
        found = opened(path)
        if path.suffix == ".csv":
            for name, texts in cells(path).items():
                column = found[name]
                assert (column.isna() == [text == "" for text in texts]).all(), (path, name)
                told = [text for text in texts if text]
                assert all(re.fullmatch(kinds[str(column.dtype)], text) for text in told), (path, name, column.dtype)
                read = [str(v) if column.dtype == "string" else float(v) for v in column.dropna()]
                assert read == [text if column.dtype == "string" else float(text) for text in told], (path, name)
        elif path.suffix == ".jsonl":
            told = lines(path)
            assert len(found) == len(told) and all(set(one) <= set(found.columns) for one in told), path
            for i, one in enumerate(told):
                for name, value in one.items():
                    assert pandas.isna(found.at[i, name]) if value is None else found.at[i, name] == value, (path, name)
    types = opened(work / "census" / "neurons.csv").dtypes.astype(str)
    expected = {"layer": "Int64", "firings": "Int64", "frequency": "float64", "cover_unigram": "Int64",
                "token_detector": "boolean", "detector_order": "Int64", "decoy_w": "float64",
                "positional_type": "string", "positional_strong": "boolean", "largest_cosine": "float64",
                "near_firings": "Int64",
                "token_detector_verdict": "string", "mutual_information_lower_95": "float64"}
    assert {name: types[name] for name in expected} == expected
    assert opened(work / "compared.csv")["census"].unique().tolist() == ["first", "NA", 7 * "checkpoint-"]
    check_tensors(opened)


def check_torch():
    import open_with_numpy
    import torch
    from open_with_torch import opened

    for path in FILES:
        found, plain = opened(path), open_with_numpy.opened(path)
        if path.suffix in (".csv", ".safetensors"):
            names = plain.dtype.names if path.suffix == ".csv" else plain
            assert set(found) == {name for name in names if plain[name].dtype.kind != "U"}
            for name, tensor in found.items():
                np.testing.assert_array_equal(tensor.numpy(), plain[name], err_msg=f"{path}, {name}")
        else:
            assert found == plain
    census = work / "census"
    assert opened(census / "census.safetensors")["firings_by_position"].dtype == torch.int64
    assert opened(census / "neurons.csv")["decoy_w"].dtype == torch.float64


def check_figures():
    os.environ["CENSUS"] = str(work / "census")
    drawn = {}
    for cell in json.loads((scripts / "figures.ipynb").read_text(encoding="utf-8"))["cells"]:
        assert cell.get("outputs", []) == [], "the notebook is kept without outputs"
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), drawn)
    for name in ("figure_1", "figure_3", "figure_7"):
        drawn[name].savefig(work / f"{name}.png")
    neurons = cells(work / "census" / "neurons.csv")
    layer, firings = numbers(neurons["layer"]), numbers(neurons["firings"])
    share, often = (axes.lines[0].get_ydata() for axes in drawn["figure_1"].axes)
    tokens = sum(json.loads((work / "census" / "run.json").read_text())["tokens_by_domain"].values())
    for i in range(int(layer.max()) + 1):
        own = firings[layer == i]
        assert math.isclose(share[i], 100 * (own == 0).mean())
        assert math.isclose(often[i], 100 * own[own > 0].mean() / tokens)
    detectors = numbers(neurons["token_detector"])
    assert drawn["figure_3"].axes[0].lines[0].get_ydata().tolist() == [detectors[layer == i].sum() for i in range(4)]
    curves = [line for axes in drawn["figure_7"].axes for line in axes.lines]
    assert curves and all(len(line.get_ydata()) == 63 for line in curves)


if part != "figures":
    assert len((scripts / f"open_with_{part}.py").read_text().splitlines()) < 20
{"numpy": check_numpy, "pandas": check_pandas, "torch": check_torch, "figures": check_figures}[part]()
