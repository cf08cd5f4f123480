# SPDX-License-Identifier: MIT
"""Opens safetensors files with NumPy alone."""
import json
import numpy

TYPES = {"BOOL": "?", "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "I64": "<i8", "F32": "<f4"}

def tensors(path):
    """The file's arrays by name. They are mapped: what is not looked at is not read."""
    raw = numpy.memmap(path, mode="r")
    start = 8 + int(raw[:8].view("<u8")[0])
    described = json.loads(bytes(raw[8:start]))
    return {name: raw[start:][slice(*of["data_offsets"])].view(TYPES[of["dtype"]]).reshape(of["shape"])
            for name, of in described.items() if name != "__metadata__"}
