# SPDX-License-Identifier: MIT
"""What the peers in Python share: the text, the tables of the census, and the conversation with compare.py.

A peer is a program `PEER MODEL TEXT.npy CONTEXT THREADS`. Once it is ready it prints "ready"; then it answers each line of its input:
"run" with the seconds that one pass over the text took, "tables FILE" with "done" once the tables of a fresh pass lie in FILE (int32:
firings [layer, neuron], by position [layer, position, neuron], by token [layer, distinct token, neuron] without BOS). transformers
also answers "near FILE": the same of pre-activations within 1e-4 of their root mean square of zero. Peers that run PyTorch answer
"profile" with JSON: which operations of PyTorch a pass spends its time in, as shares of what all of them take on the thread that calls them.
"""
import json
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


def profile(run):
    """The share of each operation, its own time without that of the operations it calls, the largest first."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU]) as taken:
        run()
    seconds = {event.key: event.self_cpu_time_total for event in taken.key_averages()}
    whole = sum(seconds.values())
    return {key: part / whole for key, part in sorted(seconds.items(), key=lambda one: -one[1]) if part >= 0.01 * whole}


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
        elif command == "profile" and "torch" in sys.modules:
            print(json.dumps(profile(run)), flush=True)
        else:
            print("unknown", flush=True)
