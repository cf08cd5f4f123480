# SPDX-License-Identifier: MIT
"""open_with_torch.py FILE...: opens files that census wrote, whatever they are."""
import pathlib, sys
import open_with_numpy
import torch

def tensor(array):
    """A copy. Unsigned numbers become signed ones, for PyTorch computes with few of the others."""
    return torch.from_numpy(array.astype("i8" if array.dtype.kind == "u" and array.itemsize > 1 else array.dtype))

def opened(path):
    """Arrays are tensors by name, and so are a table's columns of numbers, NaN where a cell is empty."""
    found = open_with_numpy.opened(path)
    if path.suffix not in (".csv", ".safetensors"): return found
    names = found.dtype.names if path.suffix == ".csv" else found
    return {name: tensor(found[name]) for name in names if found[name].dtype.kind != "U"}

if __name__ == "__main__":
    for path in map(pathlib.Path, sys.argv[1:]): print(path, opened(path), sep="\n")
