# SPDX-License-Identifier: MIT
"""open_with_numpy.py FILE...: opens files that census wrote, whatever they are."""
import json, numpy, pathlib, sys
from tensors import tensors

TYPES = json.loads(pathlib.Path(__file__).with_name("columns.json").read_text())

def opened(path):
    """A table is an array with named columns: of numbers, NaN where a cell is empty, or of texts."""
    if path.suffix == ".safetensors": return tensors(path)
    if path.suffix == ".jsonl": return [json.loads(line) for line in path.open(encoding="utf-8")]
    if path.suffix == ".json": return json.loads(path.read_text(encoding="utf-8"))
    types = TYPES.get(path.name, TYPES["layers.csv"] | {"census": "string"})  # census compare: --out may have any name
    columns = [(name, ("U255" if name == "census" else "U64") if types[name] == "string" else "f8")
               for name in path.open().readline().strip().split(",")]
    return numpy.genfromtxt(path, columns, delimiter=",", comments=None, skip_header=1, encoding="utf-8", ndmin=1)

if __name__ == "__main__":
    for path in map(pathlib.Path, sys.argv[1:]): print(path, opened(path), sep="\n")
