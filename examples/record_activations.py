# SPDX-License-Identifier: MIT
"""Records the FFN activations of a Hugging Face OPT model for recorded.cpp: tokens.npy, mask.npy and layer_N.npy.

    python record_activations.py MODEL_FOLDER OUT_FOLDER [--text FILE] [--sequences 8] [--length 64] [--neurons 96]

Needs torch, transformers and numpy. Each paragraph of FILE is a sequence; without it the tokens are random. --neurons
keeps the first few only, 0 all.
"""
import argparse
import pathlib

import numpy
import torch
import transformers

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("model")
parser.add_argument("out", type=pathlib.Path)
parser.add_argument("--text", type=pathlib.Path)
parser.add_argument("--sequences", type=int, default=8)
parser.add_argument("--length", type=int, default=64)
parser.add_argument("--neurons", type=int, default=96)
asked = parser.parse_args()

model = transformers.OPTForCausalLM.from_pretrained(asked.model, torch_dtype=torch.float32).eval()
bos = model.config.bos_token_id
if asked.text:
    tokenizer = transformers.AutoTokenizer.from_pretrained(asked.model)
    paragraphs = [text for text in asked.text.read_text(encoding="utf-8").split("\n\n") if text.strip()]
    rows = [torch.tensor([bos, *tokenizer(text, add_special_tokens=False).input_ids][: asked.length])
            for text in paragraphs[: asked.sequences]]
    tokens = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=model.config.pad_token_id)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
else:
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(4, model.config.vocab_size, (asked.sequences, asked.length), generator=generator)
    tokens[:, 0] = bos
    mask = torch.ones_like(tokens)

asked.out.mkdir(parents=True, exist_ok=True)
numpy.save(asked.out / "tokens.npy", tokens.numpy().astype(numpy.int64))
numpy.save(asked.out / "mask.npy", mask.numpy().astype(numpy.int64))
for number, layer in enumerate(model.model.decoder.layers):

    def record(_module, _inputs, output, number=number):  # fc1 gives [token, neuron], before the ReLU
        values = torch.relu(output).reshape(*tokens.shape, -1)[:, :, : asked.neurons or None]
        numpy.save(asked.out / f"layer_{number}.npy", values.numpy().astype(numpy.float32))

    layer.fc1.register_forward_hook(record)
with torch.no_grad():
    model(tokens, attention_mask=mask)
