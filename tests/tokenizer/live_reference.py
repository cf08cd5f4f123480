#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains a byte-level vocabulary anew with Hugging Face `tokenizers` and compares the ids of at least 10,000 varied lines with it, read
from vocab.json and merges.txt, and from tokenizer.json with merges in either form.

    python3 live_reference.py ENCODE_LINES [SEED]

Exits with 77, which ctest shows as skipped, where `tokenizers` cannot be imported. The seed is that of the day unless told, and
printed.
"""
import datetime
import json
import pathlib
import random
import subprocess
import sys
import sysconfig
import tempfile
import unicodedata

SCRIPTS = {  # ranges of code points
    "Latin": (0x41, 0x24F), "Greek": (0x370, 0x3FF), "Cyrillic": (0x400, 0x52F), "Armenian": (0x531, 0x58A), "Hebrew": (0x591, 0x5F4),
    "Arabic": (0x600, 0x6FF), "Devanagari": (0x900, 0x97F), "Tamil": (0xB80, 0xBFF), "Thai": (0xE00, 0xE5B), "Tibetan": (0xF00, 0xFDA),
    "Georgian": (0x10A0, 0x10FF), "Ethiopic": (0x1200, 0x137F), "Khmer": (0x1780, 0x17F9), "kana": (0x3041, 0x30FF),
    "Han": (0x4E00, 0x9FFF), "Hangul": (0xAC00, 0xD7A3), "Gothic": (0x10330, 0x1034A), "cuneiform": (0x12000, 0x12399),
    "mathematical": (0x1D400, 0x1D7FF), "emoji": (0x1F300, 0x1F6FF), "symbols": (0x2000, 0x2BFF), "numbers": (0x2150, 0x218B),
}
SPACES = [" ", " ", " ", "  ", "    ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\u2003", "\u2028", "\u3000", "\u200b", "\ufeff", "\u0085", "\x1c"]
PARTS = ["'s", "'LL", "'re", "n't", "1234", "3.14", "...", "—", "</s>", "<pad>", "<added>", "👍🏽", "👨‍👩‍👧", "🇫🇷", "e\u0301", "_", "::", "\0", "²"]


def code_lines(source, count):
    files = sorted(pathlib.Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    lines = [line for file in source.sample(files, min(len(files), 60)) for line in file.read_text(errors="ignore").splitlines(True)]
    return [line + (source.choice(lines) if source.random() < 0.3 else "") for line in source.sample(lines, min(len(lines), count))]


def script_lines(source, count):
    # Only what this Python's Unicode knows: what later versions add may be letters to one implementation and unassigned to another.
    known = {name: [chr(c) for c in range(first, last + 1) if unicodedata.category(chr(c)) != "Cn"] for name, (first, last) in SCRIPTS.items()}
    words = {name: ["".join(source.choices(characters, k=source.randrange(1, 9))) for _ in range(300)] for name, characters in known.items()}
    for _ in range(count):
        name = source.choice(list(words))
        pieces = []
        for _ in range(source.randrange(1, 20)):
            kind = source.random()
            pieces.append(source.choice(PARTS) if kind < 0.1 else source.choice(words[source.choice(list(words)) if kind < 0.2 else name]))
            pieces.append("".join(source.choices(SPACES, k=source.choice([0, 1, 1, 1, 1, 2, 3]))))
        yield "".join(pieces)


def whitespace_lines(source, count):
    for _ in range(count):
        yield "".join(source.choice(SPACES) * source.randrange(1, 5) + source.choice(["", "", "a", "1", ".", "é", "神"])
                      for _ in range(source.randrange(1, 12)))


def main():
    encode_lines = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else datetime.date.today().toordinal()
    try:
        import tokenizers
        from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    except Exception as error:
        print(f"SKIPPED: {sys.executable} cannot import tokenizers: {error}")
        return 77
    source = random.Random(seed)
    lines = code_lines(source, 6000) + list(script_lines(source, 6000)) + list(whitespace_lines(source, 1500))
    lines = list(dict.fromkeys(lines))
    print(f"tokenizers {tokenizers.__version__}, seed {seed}, {len(lines)} different lines")

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=6000, special_tokens=["<s>", "<pad>", "</s>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    trained.train_from_iterator(source.sample(lines, len(lines) // 2), trainer)
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        for name in ("pair", "pairs", "strings"):
            (folder / name).mkdir()
        trained.model.save(str(folder / "pair"))
        # Added tokens are cut out of a text by `tokenizers`, but are text to census: the reference for ids has none.
        reference = Tokenizer(models.BPE.from_file(str(folder / "pair/vocab.json"), str(folder / "pair/merges.txt")))
        reference.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trained.decoder = decoders.ByteLevel()
        trained.post_processor = processors.ByteLevel(trim_offsets=False)
        trained.add_special_tokens([AddedToken("<added>", special=True)])
        trained.save(str(folder / "pairs/tokenizer.json"))
        saved = json.loads((folder / "pairs/tokenizer.json").read_text())
        saved["model"]["merges"] = [" ".join(merge) for merge in saved["model"]["merges"]]
        (folder / "strings/tokenizer.json").write_text(json.dumps(saved))
        (folder / "lines").write_text("".join(json.dumps(line) + "\n" for line in lines))

        expected = [encoding.ids for encoding in reference.encode_batch(lines)]
        wrong = 0
        for name in ("pair", "pairs", "strings"):
            printed = subprocess.run([encode_lines, folder / name, folder / "lines"], check=True, capture_output=True, text=True).stdout
            ids = [json.loads(line) for line in printed.splitlines()]
            differ = [line for line, ours, theirs in zip(lines, ids, expected) if ours != theirs]
            print(f"{name}: {len(ids)} lines, {sum(map(len, expected))} ids, {len(differ)} lines differ {differ[:3]}")
            wrong += len(differ) + (len(ids) != len(lines))
    return 1 if wrong or len(lines) < 10_000 else 0


if __name__ == "__main__":
    sys.exit(main())
