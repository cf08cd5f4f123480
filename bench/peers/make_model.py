#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a random model of OPT-125m's shape as Hugging Face transformers saves it, and a text for it.

    python3 make_model.py FOLDER [--firing 0.03] [--layers 12]      # FOLDER/config.json, FOLDER/model.safetensors
    python3 make_model.py --text FILE.npy --sequences 16 --context 512

--firing plants how many neurons fire: layer by layer, the biases of fc1 are moved so that this share of a text's activations is above
zero (all by the same, for a neuron of a random model has too few different inputs there to be fitted to). Without it the model is dense: about every second neuron fires. The text is ids [sequence, context - 1] without
BOS, drawn by Zipf's law. Needs numpy; for models also torch and transformers.
"""
import argparse
import pathlib

import numpy as np

VOCABULARY, BOS, FIRST_WORD = 50272, 2, 4


def make_text(sequences, context, seed):
    ranks = (VOCABULARY - FIRST_WORD) ** np.random.default_rng(seed).random((sequences, context - 1))
    return (FIRST_WORD - 1 + ranks.astype(np.uint16)).astype(np.uint16)


def make_model(folder, layers, firing, seed):
    import torch
    from transformers import OPTConfig, OPTForCausalLM

    torch.manual_seed(seed)
    model = OPTForCausalLM(OPTConfig(num_hidden_layers=layers)).eval()  # the defaults are those of OPT-125m
    if firing is not None:
        plant(torch, model, firing, seed + 1)
    model.save_pretrained(folder)


def plant(torch, model, firing, seed):
    """Moves the biases of fc1 in layer 0, then, with what that layer now writes, in layer 1, and so on."""
    ids = torch.from_numpy(make_text(8, 512, seed).astype(np.int64))
    ids = torch.cat([torch.full((len(ids), 1), BOS), ids], dim=1)

    def plant_bias(module, _, output):
        threshold = output.flatten().kthvalue(round((1 - firing) * output.numel())).values
        module.bias -= threshold
        return output - threshold

    hooks = [layer.fc1.register_forward_hook(plant_bias) for layer in model.model.decoder.layers]
    with torch.no_grad():
        model.model(ids, use_cache=False)
    for hook in hooks:
        hook.remove()


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", nargs="?", type=pathlib.Path)
    asked.add_argument("--layers", type=int, default=12)
    asked.add_argument("--firing", type=float)
    asked.add_argument("--text", type=pathlib.Path)
    asked.add_argument("--sequences", type=int, default=16)
    asked.add_argument("--context", type=int, default=512)
    asked.add_argument("--seed", type=int, default=1)
    asked = asked.parse_args()
    if asked.folder:
        make_model(asked.folder, asked.layers, asked.firing, asked.seed)
    if asked.text:
        np.save(asked.text, make_text(asked.sequences, asked.context, asked.seed))


if __name__ == "__main__":
    main()
