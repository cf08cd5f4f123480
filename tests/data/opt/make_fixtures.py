#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the reference that tests/model compares with: small OPT models whose parameters are all random (norm gains and biases
too), and what Hugging Face transformers computes for them.

    python3 make_fixtures.py                      # the three random models, into this folder
    python3 make_fixtures.py --bundled FOLDER     # the reference for a trained model: FOLDER is examples/tiny_opt

Needs torch, transformers and safetensors. Each reference.safetensors holds, for sequences s = 0, 1, ...: `tokens.s` [token] and
`pre_activations.s` [layer, token, neuron] in float32: the outputs of fc1, before ReLU. That the model's own activations after ReLU
are max(0, pre-activation) is checked here. For a trained model, `made_for` holds the size and the FNV-1a hash of model.safetensors.
"""
import argparse
import json
import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformers import OPTConfig, OPTForCausalLM

HERE = pathlib.Path(__file__).parent

MODELS = {
    # name: shape, dtype of the file, prefix of the names, which of the tied pair is stored, lengths of the sequences
    "three_layers": (dict(hidden_size=32, num_attention_heads=4, ffn_dim=200, num_hidden_layers=3, vocab_size=97,
                          max_position_embeddings=80), torch.float32, "model.decoder.", "both", [1, 7, 66]),
    "odd_shape": (dict(hidden_size=48, num_attention_heads=3, ffn_dim=130, num_hidden_layers=2, vocab_size=101,
                       max_position_embeddings=136), torch.float16, "decoder.", "embed_tokens", [1, 7, 129]),
    "long_context": (dict(hidden_size=64, num_attention_heads=4, ffn_dim=96, num_hidden_layers=2, vocab_size=103,
                          max_position_embeddings=512), torch.bfloat16, "", "lm_head", [65, 200]),
}


def randomise(model):
    """All parameters random, of sizes that make attention and activations neither flat nor saturated."""
    for name, parameter in model.named_parameters():
        if "layer_norm.weight" in name:
            parameter.data.normal_(1.0, 0.3)
        elif "layer_norm.bias" in name:
            parameter.data.normal_(0.0, 0.3)
        elif parameter.dim() == 1:
            parameter.data.normal_(0.0, 0.5)
        elif "embed" in name or "lm_head" in name:
            parameter.data.normal_(0.0, 1.0)
        else:
            gain = 2.0 if ("q_proj" in name or "k_proj" in name) else 1.0
            parameter.data.normal_(0.0, gain * parameter.shape[1] ** -0.5)


@torch.no_grad()
def reference(model, sequences):
    """`tokens.s` and `pre_activations.s` of each sequence, run alone in float32."""
    layers = model.model.decoder.layers
    before, after = {}, {}
    for i, layer in enumerate(layers):
        layer.fc1.register_forward_hook(lambda _m, _i, out, i=i: before.__setitem__(i, out.reshape(-1, out.shape[-1]).clone()))
        layer.fc2.register_forward_pre_hook(lambda _m, inp, i=i: after.__setitem__(i, inp[0].reshape(-1, inp[0].shape[-1]).clone()))
    tensors = {}
    for s, tokens in enumerate(sequences):
        model.model(input_ids=torch.tensor([tokens]), use_cache=False)
        for i in range(len(layers)):
            assert torch.equal(after[i], before[i].clamp(min=0)), "the activation function is not ReLU"
        tensors[f"tokens.{s}"] = torch.tensor(tokens, dtype=torch.int32)
        tensors[f"pre_activations.{s}"] = torch.stack([before[i] for i in range(len(layers))]).contiguous()
    return tensors


def make_random(name, shape, dtype, prefix, tied, lengths):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    config = OPTConfig(**shape, word_embed_proj_dim=shape["hidden_size"], do_layer_norm_before=True, dropout=0.0,
                       attn_implementation="eager")
    model = OPTForCausalLM(config).eval()
    randomise(model)
    model.to(dtype).to(torch.float32)  # what the file can hold
    model.tie_weights()

    stored = {}
    for key, value in model.state_dict().items():
        is_head, is_embedding = key == "lm_head.weight", key.endswith("embed_tokens.weight")
        if (is_head and tied == "embed_tokens") or (is_embedding and tied == "lm_head"):
            continue
        stored[key if is_head else prefix + key.removeprefix("model.decoder.")] = value.to(dtype).clone().contiguous()
    save_file(stored, str(folder / "model.safetensors"), metadata={"format": "pt"})
    fields = dict(shape, model_type="opt", word_embed_proj_dim=shape["hidden_size"], do_layer_norm_before=True,
                  activation_function="relu", bos_token_id=2)
    (folder / "config.json").write_text(json.dumps(fields, indent=2) + "\n")

    sequences = [[2] + torch.randint(3, shape["vocab_size"], (n - 1,)).tolist() for n in lengths]
    save_file(reference(model, sequences), str(folder / "reference.safetensors"))


def fnv1a(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def make_bundled(folder):
    """A few sequences of the model's own vocabulary; ids are drawn by rank, low ids more often, as in text."""
    model = OPTForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    assert load_file(str(folder / "model.safetensors")), "the folder holds no tensors"
    config = model.config
    longest = min(config.max_position_embeddings, 130)
    draw = lambda: min(config.vocab_size - 1, 3 + int(torch.empty(1).exponential_(1 / 300.0).item()))
    sequences = [[config.bos_token_id] + [draw() for _ in range(n - 1)] for n in (1, 5, longest)]
    tensors = reference(model, sequences)
    # the long sequence only at some rows, so that the file stays small
    last = len(sequences) - 1
    rows = sorted({0, 63, 64, longest - 1} & set(range(longest)))
    tensors[f"rows.{last}"] = torch.tensor(rows, dtype=torch.int32)
    tensors[f"pre_activations.{last}"] = tensors[f"pre_activations.{last}"][:, rows].contiguous()
    data = (folder / "model.safetensors").read_bytes()
    hashed = fnv1a(data)
    tensors["made_for"] = torch.tensor([len(data), hashed - (1 << 64) if hashed >= 1 << 63 else hashed], dtype=torch.int64)
    into = HERE / "bundled"
    into.mkdir(exist_ok=True)
    save_file(tensors, str(into / "reference.safetensors"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bundled", type=pathlib.Path, metavar="FOLDER")
    bundled = arguments.parse_args().bundled
    torch.set_num_threads(1)
    torch.manual_seed(20230912)
    if bundled:
        make_bundled(bundled)
        return
    for name, settings in MODELS.items():
        make_random(name, *settings)


if __name__ == "__main__":
    main()
