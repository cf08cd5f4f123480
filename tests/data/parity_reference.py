# SPDX-License-Identifier: MIT
"""What the make_fixtures.py of the families share: how a reference.safetensors is made, and how old checkpoints are written.

A reference holds, for sequences s = 0, 1, ...: `tokens.s` [token] and `pre_activations.s` [layer, row, neuron] in float32: the outputs
of fc1; of all tokens, or of those in `rows.s`. Models that do not have ReLU also have `activations.s`, the same behind the activation
function; of the others it is checked here that they are max(0, pre-activation). `projection` [vocabulary] is what the update of the
last layer's neuron 1 is to the logits.
"""
import json

import torch


@torch.no_grad()
def record(layers, sequences, run, is_relu):
    """`tokens.s`, `pre_activations.s` and `activations.s` of each sequence, run alone in float32 by run([1, token]). `layers` are the
    modules of each layer's two matrices, fc1 and fc2."""
    before, after = {}, {}
    for i, (fc1, fc2) in enumerate(layers):
        fc1.register_forward_hook(lambda _m, _i, out, i=i: before.__setitem__(i, out.reshape(-1, out.shape[-1]).clone()))
        fc2.register_forward_pre_hook(lambda _m, inp, i=i: after.__setitem__(i, inp[0].reshape(-1, inp[0].shape[-1]).clone()))
    tensors = {}
    for s, tokens in enumerate(sequences):
        run(torch.tensor([tokens]))
        tensors[f"tokens.{s}"] = torch.tensor(tokens, dtype=torch.int32)
        tensors[f"pre_activations.{s}"] = torch.stack([before[i] for i in range(len(layers))]).contiguous()
        activations = torch.stack([after[i] for i in range(len(layers))]).contiguous()
        if is_relu:
            assert torch.equal(activations, tensors[f"pre_activations.{s}"].clamp(min=0)), "the activation function is not ReLU"
        else:
            tensors[f"activations.{s}"] = activations
    return tensors


def keep_rows(tensors, s, rows):
    """Of a long sequence only some rows, so that the file stays small."""
    tensors[f"rows.{s}"] = torch.tensor(rows, dtype=torch.int32)
    for name in ("pre_activations", "activations"):
        if f"{name}.{s}" in tensors:
            tensors[f"{name}.{s}"] = tensors[f"{name}.{s}"][:, rows].contiguous()


def save_bin(state, folder, shards):
    """As save_pretrained used to write it: a state_dict in one file, or its tensors in turn in several with an index."""
    if shards == 1:
        torch.save(state, folder / "pytorch_model.bin")
        return
    names, where = sorted(state), {}
    for i in range(shards):
        file = f"pytorch_model-{i + 1:05d}-of-{shards:05d}.bin"
        part = names[i::shards]
        torch.save({name: state[name].clone() for name in part}, folder / file)
        where.update({name: file for name in part})
    size = sum(t.numel() * t.element_size() for t in state.values())
    index = dict(metadata=dict(total_size=size), weight_map=where)
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")
