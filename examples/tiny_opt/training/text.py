# SPDX-License-Identifier: MIT
"""The text of a training: documents, tokenizer, encoding, and the crops that each step sees."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

HERE = Path(__file__).resolve().parent
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]  # ids 0 to 3, as in OPT
BOS = 2
TOKENIZER_BYTES = 2_500_000  # of each domain, read to train the tokenizer
BLOCK = 4096  # steps whose crops are drawn at once


def documents(folder):
    """The documents of each domain: {domain: [text]}."""
    return {
        domain.name: [path.read_text(encoding="utf-8") for path in sorted(domain.glob("*.txt"))]
        for domain in sorted(Path(folder).iterdir())
        if domain.is_dir()
    }


# ---------------------------------------------------------------- tokenizer


def byte_level(model):
    """A GPT-2 tokenizer (byte level, no prefix space) around a BPE model."""
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def load_tokenizer(folder):
    """The tokenizer of a folder with vocab.json and merges.txt."""
    return byte_level(models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt")))


def train_tokenizer(texts, size, folder):
    """Learn the merges from equal parts of every domain; writes vocab.json and merges.txt."""
    tokenizer = byte_level(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    sample = []
    for domain in texts.values():
        order, used = numpy.random.default_rng(0).permutation(len(domain)), 0
        for document in order:
            if used < TOKENIZER_BYTES:
                sample.append(domain[document])
                used += len(domain[document])
    tokenizer.train_from_iterator(sample, trainer)
    tokenizer.model.save(str(folder))


def encode(texts, tokenizer):
    """Token ids of each document: {domain: [array]}."""
    return {domain: [numpy.array(e.ids, numpy.int64) for e in tokenizer.encode_batch_fast(batch)] for domain, batch in texts.items()}


def cut(batch, context):
    """Documents as consecutive sequences of </s> and at most context - 1 tokens; yields (sequence, is full)."""
    for document in batch:
        for at in range(0, len(document), context - 1):
            piece = document[at : at + context - 1]
            yield torch.tensor([BOS, *piece.tolist()]), len(piece) == context - 1


# ---------------------------------------------------------------- a folder's text


def encoded_folder(folder, config):
    """Where the text lies as tokens of the recipe's vocabulary."""
    return folder / "encoded" / str(config["vocabulary"])


def prepare(folder, config):
    """Collect and encode the text unless `folder` has it: minutes, once."""
    corpus, encoded = folder / "corpus", encoded_folder(folder, config)
    encoded.mkdir(parents=True, exist_ok=True)
    if (encoded / "text.npz").exists():
        return
    if not (corpus / "sources.json").exists():
        (corpus / "held_out").mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, HERE / "collect_text.py", corpus, corpus / "held_out"], check=True)
    texts = documents(corpus / "train")
    if not (encoded / "merges.txt").exists():
        train_tokenizer(texts, config["vocabulary"], encoded)
    tokenizer, arrays, held_out = load_tokenizer(encoded), {}, {}
    for name, batch in encode(texts, tokenizer).items():
        arrays[f"{name}/tokens"] = numpy.concatenate(batch).astype(numpy.uint16)
        arrays[f"{name}/sizes"] = numpy.array([len(document) for document in batch])
    for name, batch in encode(documents(corpus / "held_out"), tokenizer).items():
        full = [piece for piece, is_full in cut(batch, config["context"] + 1) if is_full]
        order = numpy.random.default_rng(0).permutation(len(full))  # so that the first few are of the whole domain
        held_out[name] = torch.stack([full[at] for at in order]).to(torch.int32)
    save_file(held_out, encoded / "held_out.safetensors")
    numpy.savez(encoded / "text.new.npz", **arrays)
    os.replace(encoded / "text.new.npz", encoded / "text.npz")


class Text:
    """Encoded text: the training tokens in one row on the device, held-out sequences, and the bytes of each token."""

    def __init__(self, folder, config, device):
        encoded, self.length = encoded_folder(folder, config), config["context"]
        stored, tokens, sizes, shares = numpy.load(encoded / "text.npz"), [], [], []
        domains = sorted({key.split("/")[0] for key in stored.files})
        for name in domains:
            tokens.append(stored[f"{name}/tokens"])
            sizes.append(stored[f"{name}/sizes"].astype(numpy.int64))
            shares.append(math.sqrt(len(tokens[-1])))
        self.shares = numpy.array(shares) / sum(shares)  # a domain's chance goes with the square root of its size
        usable = numpy.maximum(numpy.concatenate(sizes) - self.length + 1, 0)  # places of a document at which a crop may begin
        self.starts = numpy.concatenate([[0], numpy.cumsum(usable)])
        self.begins = numpy.cumsum(numpy.concatenate(sizes)) - numpy.concatenate(sizes)
        borders = self.starts[numpy.cumsum([0] + [len(of_domain) for of_domain in sizes])]
        self.first, self.usable = borders[:-1], numpy.diff(borders)
        self.tokens = torch.from_numpy(numpy.concatenate(tokens).astype(numpy.int32)).to(device)
        self.held_out = {name: t.long().to(device) for name, t in sorted(load_file(encoded / "held_out.safetensors").items())}
        lengths = torch.zeros(config["vocabulary"])
        for token, number in json.loads((encoded / "vocab.json").read_text()).items():
            lengths[number] = len(token)  # a character of a byte-level token stands for a byte
        self.bytes = lengths.to(device)

    def places(self, seed, block, batch):
        """Where the crops of a block of steps begin in `tokens`, [BLOCK, batch]: drawn from seed and block alone."""
        random = numpy.random.default_rng([seed, block])
        domain = random.choice(len(self.shares), (BLOCK, batch), p=self.shares)
        at = self.first[domain] + random.integers(self.usable[domain])
        document = numpy.searchsorted(self.starts, at, side="right") - 1
        return torch.from_numpy(self.begins[document] + at - self.starts[document])

    def crops(self, places):
        """Sequences of </s> and `length` tokens, [places, length + 1]."""
        within = torch.arange(self.length, device=places.device)
        return torch.nn.functional.pad(self.tokens[places[:, None] + within].long(), (1, 0), value=BOS)
