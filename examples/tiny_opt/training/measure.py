# SPDX-License-Identifier: MIT
"""What is measured of a model folder: held-out loss, firing, and whether Hugging Face computes the same."""

import json

import numpy
import torch
from opt import load_model
from text import cut, documents, encode, load_tokenizer
from torch.nn import functional


@torch.no_grad()
def evaluate(folder, text):
    """Loss per domain on every held-out token, and how often each layer's neurons fire there; prints JSON."""
    model, tokenizer = load_model(folder), load_tokenizer(folder)
    context, ffn = model.settings["context"], model.settings["ffn"]
    firings, rows, result = torch.zeros(model.settings["layers"], ffn, dtype=torch.int64), 0, {"held_out": {}}
    for domain, batch in encode(documents(text), tokenizer).items():
        total, count = 0.0, 0
        pieces = list(cut(batch, context))
        full = [sequence for sequence, is_full in pieces if is_full]
        batches = [torch.stack(full[at : at + 16]) for at in range(0, len(full), 16)]
        for sequences in batches + [sequence[None] for sequence, is_full in pieces if not is_full]:
            neurons = []
            logits = model(sequences, neurons)
            total += functional.cross_entropy(logits[:, :-1].flatten(0, 1), sequences[:, 1:].flatten(), reduction="sum").item()
            count += sequences[:, 1:].numel()
            rows += sequences.numel()
            firings += torch.stack([(layer > 0).flatten(0, 1).sum(0) for layer in neurons])
        result["held_out"][domain] = {"tokens": count, "loss": round(total / count, 4)}
    result["layers"] = [
        {"firing_share": round(layer.sum().item() / rows / ffn, 4), "never_fired": int((layer == 0).sum())} for layer in firings
    ]
    print(json.dumps(result, indent=1))


@torch.no_grad()
def check(folder, text):
    """Compare logits and token ids with Hugging Face transformers; ends with an error where they differ."""
    from transformers import GPT2Tokenizer, OPTForCausalLM

    model, tokenizer = load_model(folder), load_tokenizer(folder)
    reference = OPTForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    special = {"bos_token": "</s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    reference_tokenizer = GPT2Tokenizer.from_pretrained(folder, **special)
    for domain, texts in documents(text).items():
        ids = tokenizer.encode(texts[0]).ids
        same_ids = ids == reference_tokenizer.encode(texts[0], add_special_tokens=False)
        same_text = tokenizer.decode(ids, skip_special_tokens=False) == texts[0]
        sequences = torch.stack([sequence for sequence, full in cut([numpy.array(ids)], model.settings["context"]) if full][:4])
        logits, expected = model(sequences), reference(sequences).logits
        difference = (logits - expected).abs().max().item() / expected.abs().max().item()
        print(f"{domain}: ids equal {same_ids}, decoded equal {same_text}, logits differ by at most {difference:.1e} of the largest")
        if not same_ids or not same_text or difference > 1e-4:
            raise SystemExit(f"{folder}: not what Hugging Face transformers computes")
