#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A peer (see peer.py): Hugging Face transformers with PyTorch, forward hooks that keep the same tables.

As well as it can be written there: inference mode, fused attention, no output embedding, no second product of the last layer, firings
taken from the pre-activations as bool, the position table by one addition, liveness as its sum at the end, keys resolved beforehand to
rows of distinct tokens. There are several ways to add to the token table, and to batch; the fastest on this machine is chosen before
anything is timed, and named.
"""
import time

import peer


class Finished(Exception):
    """Thrown in the last layer behind fc1, so that nothing more is computed."""


def main():
    folder, path, context, threads = peer.arguments()
    import torch
    from transformers import OPTForCausalLM

    torch.set_num_threads(threads)
    text = peer.Text(path, context)
    decoder = OPTForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").eval().model.decoder
    ids, rows = torch.from_numpy(text.ids), torch.from_numpy(text.rows)
    layers, neurons = len(decoder.layers), decoder.layers[0].fc1.out_features

    class Tables:
        def __init__(self, cell):
            self.position = [torch.zeros(context, neurons, dtype=torch.int32) for _ in range(layers)]
            self.token = [torch.zeros(text.distinct + 1, neurons, dtype=cell) for _ in range(layers)]

    def index_add(cell):
        def add(table, fired, at, sorted_at):
            table.index_add_(0, at, fired.to(cell))
        return cell, add

    def sorted_segments():
        """Rows of one token next to each other, their sums added at once."""
        def add(table, fired, at, sorted_at):
            order, kept, lengths = sorted_at
            sums = torch.segment_reduce(fired[order].to(torch.float32), "sum", lengths=lengths, axis=0)
            table.index_add_(0, kept, sums)
        return torch.float32, add

    def pairs():
        """Only the (token, neuron) that fired."""
        def add(table, fired, at, sorted_at):
            row, neuron = fired.nonzero(as_tuple=True)
            table.view(-1).index_add_(0, at[row] * neurons + neuron, torch.ones(len(row), dtype=torch.int32))
        return torch.int32, add

    ways = {"index_add_ int32": index_add(torch.int32), "index_add_ float32": index_add(torch.float32),
            "segment_reduce": sorted_segments(), "nonzero": pairs()}
    state = {}

    def hook(layer):
        def observe(module, _, output):
            fired = state["fires"](output.view(-1, neurons))
            tables = state["tables"]
            for sequence in fired.view(-1, context, neurons):
                tables.position[layer] += sequence
            state["add"](tables.token[layer], fired, state["at"], state["sorted"])
            if layer + 1 == layers:
                raise Finished
        return observe

    for number, layer in enumerate(decoder.layers):
        layer.fc1.register_forward_hook(hook(number))

    sorted_rows = {}

    def sort_rows(batch):
        if batch not in sorted_rows:
            parts = []
            for first in range(0, text.sequences, batch):
                at = rows[first:first + batch].reshape(-1)
                kept, lengths = torch.unique(at, return_counts=True)
                parts.append((at, (torch.argsort(at, stable=True), kept, lengths)))
            sorted_rows[batch] = parts
        return sorted_rows[batch]

    @torch.inference_mode()
    def one_pass(way, batch, tables, sequences=text.sequences, fires=lambda values: values > 0):
        state["tables"], state["add"], state["fires"] = tables, ways[way][1], fires
        parts = sort_rows(batch)
        for first in range(0, sequences, batch):
            state["at"], state["sorted"] = parts[first // batch]
            try:
                decoder(ids[first:first + batch], use_cache=False)
            except Finished:
                pass

    def choose():
        def seconds(way, batch):  # a sequence, the best of three
            tables, some = Tables(ways[way][0]), max(batch, min(1024 // context, text.sequences) // batch * batch)
            one_pass(way, batch, tables, batch)
            taken = []
            for _ in range(3):
                start = time.perf_counter()
                one_pass(way, batch, tables, some)
                taken.append((time.perf_counter() - start) / some)
            return min(taken)

        way = min(ways, key=lambda way: seconds(way, 1))
        return way, min({1, min(2 * threads, text.sequences)}, key=lambda batch: seconds(way, batch))

    way, batch = choose()
    kept = Tables(ways[way][0])
    one_pass(way, batch, kept)  # its pages exist, as they do in the steady state

    def near_zero(values):
        return values.abs() < 1e-4 * values.square().mean().sqrt()

    def tables(command):
        fresh = Tables(ways[way][0])
        one_pass(way, batch, fresh, fires=near_zero if command == "near" else lambda values: values > 0)
        yield torch.stack([t.sum(0) for t in fresh.position]).to(torch.int32).numpy()
        yield torch.stack(fresh.position).numpy()
        yield torch.stack([t[:-1].to(torch.int32) for t in fresh.token]).numpy()

    peer.serve(lambda: one_pass(way, batch, kept), tables, f"ready: {way}, {batch} sequences at once")


if __name__ == "__main__":
    main()
