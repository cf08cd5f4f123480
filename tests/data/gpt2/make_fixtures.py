#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the references that tests/model compares with: small GPT-2 models whose parameters are all random (norm gains and biases
too), and what Hugging Face transformers computes for them; and a tokenizer, with the ids that Hugging Face tokenizers gives.

    python3 make_fixtures.py                                # all, into this folder
    python3 make_fixtures.py --variants FOLDER [--seed N]   # the variants of the architecture alone, into FOLDER

Needs torch, transformers and safetensors. What a reference.safetensors holds, ../parity_reference.py says.
"""
import argparse
import importlib.util
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from parity_reference import keep_rows, record, save_bin  # noqa: E402

SHAPE = dict(n_embd=32, n_head=4, n_layer=2, vocab_size=61, n_positions=70, bos_token_id=60, eos_token_id=60)
F16, BF16, F32 = torch.float16, torch.bfloat16, torch.float32

VARIANTS = {
    # name: fields of the config besides SHAPE, dtype of the file, how it is written, lengths of the sequences.
    # safetensors and shards are written by save_pretrained; bin and bin_shards by torch.save, as old checkpoints are: with
    # attention's masks among the tensors. "bare" stands for names without `transformer.`, and no head.
    "plain": (dict(), F32, "safetensors", [1, 7, 66]),
    "inner": (dict(n_inner=52, n_embd=36, n_head=3), F16, "shards", [2, 30]),
    "bare": (dict(n_inner=51, n_embd=35, n_head=5, layer_norm_epsilon=1e-3), BF16, "safetensors bare", [1, 40]),
    "bin_with_masks": (dict(n_positions=40, n_layer=3), F16, "bin bare", [3, 40]),
    "bin_shards": (dict(n_inner=80, n_positions=34, n_head=1), BF16, "bin_shards", [2, 34]),
    "padded": (dict(vocab_size=331, n_embd=16, n_head=2, bos_token_id=300, eos_token_id=300), BF16, "safetensors", [5, 50]),
    "gelu_untied": (dict(activation_function="gelu", layer_norm_epsilon=1e-6, tie_word_embeddings=False), F16, "safetensors", [1, 65]),
    "relu": (dict(activation_function="relu", n_inner=200, n_embd=16), F16, "safetensors", [1, 33]),
    "context_1024": (dict(n_embd=16, n_head=2, n_inner=40, n_positions=1024), F16, "safetensors", [1024]),
}


def randomise(model):
    """All parameters random, of sizes that make attention and activations neither flat nor saturated."""
    for name, parameter in model.named_parameters():
        if "ln_" in name:
            parameter.data.normal_(1.0 if name.endswith("weight") else 0.0, 0.3)
        elif parameter.dim() == 1:
            parameter.data.normal_(0.0, 0.5)
        elif "wte" in name or "wpe" in name or "lm_head" in name:
            parameter.data.normal_(0.0, 1.0)
        else:
            parameter.data.normal_(0.0, parameter.shape[0] ** -0.5)
            if "c_attn" in name:
                parameter.data[:, : 2 * parameter.shape[0]] *= 2.0  # queries and keys


def with_masks(state, config):
    """As state_dict() was before the masks were left out of it."""
    for layer in range(config.n_layer):
        prefix = f"transformer.h.{layer}.attn."
        n = config.n_positions
        state[prefix + "bias"] = torch.tril(torch.ones(n, n, dtype=torch.uint8)).view(1, 1, n, n)
        state[prefix + "masked_bias"] = torch.tensor(-1e4)
    return state


def bare(state):
    return {name.removeprefix("transformer."): tensor.clone() for name, tensor in state.items() if name != "lm_head.weight"}


def make_variant(folder, fields, dtype, layout, lengths):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    config = GPT2Config(**dict(SHAPE, **fields))
    model = GPT2LMHeadModel(config).eval()
    randomise(model)
    model.tie_weights()
    model.to(dtype)
    kind, *without_prefix = layout.split()
    if kind.startswith("bin"):
        model.config.save_pretrained(folder)
        state = with_masks(model.state_dict(), config)
        save_bin(bare(state) if without_prefix else state, folder, 3 if kind == "bin_shards" else 1)
    elif without_prefix:
        model.config.save_pretrained(folder)
        save_file(bare(model.state_dict()), str(folder / "model.safetensors"), metadata={"format": "pt"})
    else:
        model.save_pretrained(folder, max_shard_size="12KB" if kind == "shards" else "1GB")
    assert (kind == "shards") == (folder / "model.safetensors.index.json").exists()
    (folder / "generation_config.json").unlink(missing_ok=True)

    # what transformers itself reads of the folder, computed in float32
    model = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").float().eval()
    sequences = [[config.bos_token_id] + torch.randint(0, 60, (n - 1,)).tolist() for n in lengths]
    layers = [(block.mlp.c_fc, block.mlp.c_proj) for block in model.transformer.h]
    tensors = record(layers, sequences, lambda ids: model.transformer(input_ids=ids, use_cache=False), config.activation_function == "relu")
    for s, n in enumerate(lengths):
        if n > 100:
            keep_rows(tensors, s, [0, 1, 63, 64, n // 2, n - 1])
    with torch.no_grad():
        tensors["projection"] = model.lm_head(model.transformer.h[-1].mlp.c_proj.weight[1]).contiguous()
    save_file(tensors, str(folder / "reference.safetensors"))
    for file in folder.iterdir():
        file.chmod(0o644)


def make_tokenizer(folder):
    """vocab.json and merges.txt as GPT-2 has them: the bytes, the merges, `<|endoftext|>` behind them; of the texts that the fixtures of
    the tokenizer itself are made of. lines.json: those texts, and the ids that tokenizers gives."""
    spec = importlib.util.spec_from_file_location("tokenizer_fixtures", HERE.parent / "tokenizer" / "make_fixtures.py")
    source = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(source)
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.train_from_iterator(source.TRAINING.splitlines(), trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False))
    stored = json.loads(trained.to_str())["model"]
    vocabulary = dict(stored["vocab"])
    vocabulary["<|endoftext|>"] = len(vocabulary)
    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in stored["merges"]]
    (folder / "vocab.json").write_text(json.dumps(vocabulary) + "\n")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in pairs))
    read = Tokenizer(models.BPE(vocabulary, [tuple(pair) for pair in pairs]))
    read.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    lines = [text for kind, texts in source.TEXTS.items() if kind != "long pieces" for text in texts if len(text) < 100] + ["<|endoftext|>"]
    (folder / "lines.json").write_text(json.dumps([dict(text=line, ids=read.encode(line).ids) for line in lines]) + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--variants", type=pathlib.Path, metavar="FOLDER")
    arguments.add_argument("--seed", type=int, default=20240214)
    asked = arguments.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    for name, settings in VARIANTS.items():
        make_variant((asked.variants or HERE) / name, *settings)
    if not asked.variants:
        make_tokenizer(HERE / "padded")


if __name__ == "__main__":
    main()
