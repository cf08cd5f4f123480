# SPDX-License-Identifier: MIT
"""Records the FFN activations of a Hugging Face OPT model for the custom_source example: tokens.npy and layer_N.npy.

    python record_activations.py MODEL_FOLDER OUT_FOLDER [--sequences 8] [--length 64] [--neurons 96]

Needs torch, transformers and numpy. The tokens are random, so that no text is needed; --neurons keeps the first few only.
"""
import argparse
import pathlib

import numpy
import torch
import transformers

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("--sequences", type=int, default=8)
parser.add_argument("--length", type=int, default=64)
parser.add_argument("--neurons", type=int, default=96)
asked = parser.parse_args()

model = transformers.OPTForCausalLM.from_pretrained(asked.model, torch_dtype=torch.float32).eval()
generator = torch.Generator().manual_seed(0)
tokens = torch.randint(4, model.config.vocab_size, (asked.sequences, asked.length), generator=generator)
tokens[:, 0] = model.config.bos_token_id

asked.out.mkdir(parents=True, exist_ok=True)
numpy.save(asked.out / "tokens.npy", tokens.numpy().astype(numpy.int64))
for number, layer in enumerate(model.model.decoder.layers):

    def record(_module, _inputs, output, number=number):
        values = torch.relu(output).reshape(asked.sequences, asked.length, -1)[:, :, : asked.neurons]
        numpy.save(asked.out / f"layer_{number}.npy", values.numpy().astype(numpy.float32))

    layer.fc1.register_forward_hook(record)
with torch.no_grad():
    model(tokens)
