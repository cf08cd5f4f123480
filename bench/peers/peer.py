# SPDX-License-Identifier: MIT
"""What the peers in Python share: the text, the tables of the census, and the conversation with compare.py.

A peer is a program `PEER MODEL TEXT.npy CONTEXT THREADS`. Once it is ready it prints "ready"; then it answers each line of its input:
"run" with the seconds that one pass over the text took, "tables FILE" with "done" once the tables of a fresh pass lie in FILE (int32:
firings [layer, neuron], by position [layer, position, neuron], by token [layer, distinct token, neuron] without BOS). transformers
also answers "near FILE": the same of pre-activations within 1e-4 of their root mean square of zero.
"""
import os
import sys
import time

BOS = 2


class Text:
    """The ids with BOS before each sequence, [sequence, position], and the row of the token table that each belongs to: distinct
    tokens ascending, then one row for BOS, which is not counted."""

    def __init__(self, path, context):
        import numpy as np

        ids = np.load(path).astype(np.int64)
        assert ids.shape[1] == context - 1
        self.ids = np.concatenate([np.full((len(ids), 1), BOS), ids], axis=1)
        distinct, rows = np.unique(ids, return_inverse=True)
        self.distinct = len(distinct)
        self.rows = np.concatenate([np.full((len(ids), 1), self.distinct), rows.reshape(ids.shape)], axis=1)
        self.sequences, self.context = self.ids.shape


def arguments():
    model, text, context, threads = sys.argv[1:5]
    os.environ["HF_HUB_OFFLINE"] = "1"
    return model, text, int(context), int(threads)


def serve(run, tables=None, words="ready"):
    """`words` may say what was chosen."""
    print(words, flush=True)
    for line in sys.stdin:
        command, *path = line.split()
        if command == "run":
            start = time.perf_counter()
            run()
            print(time.perf_counter() - start, flush=True)
        elif command in ("tables", "near") and tables:
            with open(path[0], "wb") as file:
                for table in tables(command):
                    file.write(table.tobytes())
            print("done", flush=True)
        else:
            print("unknown", flush=True)
