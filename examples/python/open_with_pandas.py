# SPDX-License-Identifier: MIT
"""open_with_pandas.py FILE...: opens files that census wrote, whatever they are."""
import json, pathlib, sys
import pandas
from tensors import tensors

TYPES = json.loads(pathlib.Path(__file__).with_name("columns.json").read_text())

def opened(path):
    """Tables have types whose cells may be empty, <NA>: Int64, boolean and string; reals are float64, with NaN."""
    types = TYPES.get(path.name, TYPES["layers.csv"] | {"census": "string"})  # census compare: --out may have any name
    if path.suffix == ".csv":
        return pandas.read_csv(path, dtype=types, keep_default_na=False, na_values=[""], float_precision="round_trip")
    if path.suffix == ".json": return pandas.Series(json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".safetensors": return tensors(path)
    return pandas.DataFrame(map(json.loads, path.open(encoding="utf-8")), columns=types).astype(types)  # .jsonl

if __name__ == "__main__":
    for path in map(pathlib.Path, sys.argv[1:]): print(path, opened(path), sep="\n")
