#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the references that tests/model compares with: small OPT models whose parameters are all random (norm gains and biases
too), and what Hugging Face transformers computes for them.

    python3 make_fixtures.py                      # the random models, into this folder
    python3 make_fixtures.py --variants FOLDER [--seed N]   # the variants of the architecture alone, into FOLDER
    python3 make_fixtures.py --bundled FOLDER     # the reference for a trained model: FOLDER is examples/tiny_opt

Needs torch, transformers and safetensors. What a reference.safetensors holds, ../parity_reference.py says; only the variants have
`projection`, through project_out where there is one. For a trained model, `made_for` holds the size and the FNV-1a hash of
model.safetensors.
"""
import argparse
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import OPTConfig, OPTForCausalLM

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from parity_reference import keep_rows, record, save_bin  # noqa: E402

MODELS = {
    # name: shape, dtype of the file, prefix of the names, which of the tied pair is stored, lengths of the sequences
    "three_layers": (dict(hidden_size=32, num_attention_heads=4, ffn_dim=200, num_hidden_layers=3, vocab_size=97,
                          max_position_embeddings=80), torch.float32, "model.decoder.", "both", [1, 7, 66]),
    "odd_shape": (dict(hidden_size=48, num_attention_heads=3, ffn_dim=130, num_hidden_layers=2, vocab_size=101,
                       max_position_embeddings=136), torch.float16, "decoder.", "embed_tokens", [1, 7, 129]),
    "long_context": (dict(hidden_size=64, num_attention_heads=4, ffn_dim=96, num_hidden_layers=2, vocab_size=103,
                          max_position_embeddings=512), torch.bfloat16, "", "lm_head", [65, 200]),
}

SHAPE = dict(hidden_size=32, num_attention_heads=4, ffn_dim=52, num_hidden_layers=2, vocab_size=61, max_position_embeddings=70)
POST_NORM = dict(do_layer_norm_before=False, word_embed_proj_dim=16)
F16, BF16, F32 = torch.float16, torch.bfloat16, torch.float32

VARIANTS = {
    # name: fields of the config besides SHAPE, dtype of the file, how it is written, lengths of the sequences.
    # safetensors and shards are written by save_pretrained, bin and bin_shards by torch.save.
    "like_350m": (POST_NORM, F16, "safetensors", [1, 5, 66]),
    "like_350m_bin": (POST_NORM, F16, "bin", [3, 65]),
    "post_norm": (dict(do_layer_norm_before=False, num_attention_heads=1), F32, "safetensors", [1, 30]),
    "projected": (dict(word_embed_proj_dim=48, activation_function="gelu_pytorch_tanh"), BF16, "shards", [2, 30]),
    "no_biases": (dict(enable_bias=False, num_hidden_layers=3), BF16, "shards", [1, 66]),
    "no_gains": (dict(layer_norm_elementwise_affine=False), F32, "bin_shards", [3, 20]),
    "no_final_norm": (dict(_remove_final_layer_norm=True, activation_function="silu"), F16, "safetensors", [1, 40]),
    "gelu": (dict(activation_function="gelu", hidden_size=35, num_attention_heads=5, ffn_dim=51), F32, "shards", [2, 30]),
    "gelu_new": (dict(activation_function="gelu_new", hidden_size=36, num_attention_heads=3), BF16, "bin_shards", [2, 30]),
    "swish_bare": (dict(activation_function="swish", enable_bias=False, layer_norm_elementwise_affine=False, **POST_NORM,
                        num_attention_heads=2, tie_word_embeddings=False), F16, "shards", [2, 40]),
    "context_40": (dict(max_position_embeddings=40, hidden_size=42, num_attention_heads=7), F16, "bin", [1, 40]),
    "context_2500": (dict(max_position_embeddings=2500, hidden_size=16, num_attention_heads=2), F16, "safetensors", [2500]),
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


def reference(model, sequences):
    """What transformers computes for each sequence."""
    decoder = model.model.decoder
    return record([(layer.fc1, layer.fc2) for layer in decoder.layers], sequences,
                  lambda ids: model.model(input_ids=ids, use_cache=False), model.config.activation_function == "relu")


def make_variant(folder, fields, dtype, layout, lengths):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    config = OPTConfig(**dict(SHAPE, **fields))
    model = OPTForCausalLM(config).eval()
    randomise(model)
    model.tie_weights()
    model.to(dtype)
    if layout.startswith("bin"):
        model.config.save_pretrained(folder)
        save_bin(model.state_dict(), folder, 3 if layout == "bin_shards" else 1)
    else:
        model.save_pretrained(folder, max_shard_size="12KB" if layout == "shards" else "1GB")
    assert (layout == "shards") == (folder / "model.safetensors.index.json").exists()
    (folder / "generation_config.json").unlink(missing_ok=True)

    # what transformers itself reads of the folder, computed in float32
    model = OPTForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    sequences = [[2] + torch.randint(3, config.vocab_size, (n - 1,)).tolist() for n in lengths]
    tensors = reference(model, sequences)
    for s, n in enumerate(lengths):
        if n > 100:
            keep_rows(tensors, s, [0, 1, 63, 64, n // 2, 2047, 2048, n - 1])
    with torch.no_grad():
        decoder = model.model.decoder
        update = decoder.layers[-1].fc2.weight[:, 1]
        tensors["projection"] = model.lm_head(update if decoder.project_out is None else decoder.project_out(update)).contiguous()
    save_file(tensors, str(folder / "reference.safetensors"))
    for file in folder.iterdir():
        file.chmod(0o644)


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
    keep_rows(tensors, len(sequences) - 1, sorted({0, 63, 64, longest - 1} & set(range(longest))))
    data = (folder / "model.safetensors").read_bytes()
    hashed = fnv1a(data)
    tensors["made_for"] = torch.tensor([len(data), hashed - (1 << 64) if hashed >= 1 << 63 else hashed], dtype=torch.int64)
    into = HERE / "bundled"
    into.mkdir(exist_ok=True)
    save_file(tensors, str(into / "reference.safetensors"))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bundled", type=pathlib.Path, metavar="FOLDER")
    arguments.add_argument("--variants", type=pathlib.Path, metavar="FOLDER")
    arguments.add_argument("--seed", type=int, default=20230912)
    asked = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    if asked.bundled:
        make_bundled(asked.bundled)
        return
    if not asked.variants:
        for name, settings in MODELS.items():
            make_random(name, *settings)
    for name, settings in VARIANTS.items():
        make_variant((asked.variants or HERE) / name, *settings)


if __name__ == "__main__":
    main()
