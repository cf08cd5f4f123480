#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the tokenizer's fixtures in this folder with an independent implementation, Hugging Face `tokenizers` 0.23.

Trains a small byte-level vocabulary on the texts below (vocab.json, merges.txt) and writes cases.json: texts with the ids and the
pieces that `tokenizers` gives. Bytes that are no UTF-8 have no reference in any published tokenizer, which take strings: there the
text is cut here, by Python's own decoder, into well-formed stretches and runs of other bytes; each run is one piece.

    pip install tokenizers==0.23.3 && ./make_fixtures.py
"""
import json
import random
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

FOLDER = Path(__file__).parent
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
VOCABULARY = 800

TRAINING = """
The census of the neurons begins with the dead: those which never fire, whatever the text. It's said that they've no part in it.
I'm sure you'll see that he'd say they're alive; we don't know, and it isn't ours to tell. She's here, they've gone, I'd go.
Every neuron that fires on one token tells something about the token; the others tell something about the place in the text.
In 1984 there were 12 months of 30 or 31 days, and in 2024 there were 366 days; 3.14159 is not 22/7, nor is 1,000,000 a lot.
    for (int i = 0; i < count; ++i) {
        total += values[i] * weights[i];  // the sum of the products
    }
\treturn total == 0 ? "nothing" : "something";
def tell(neuron, token):
    if neuron.fires(token):
        return "fires"
    return "does not fire"
Die Zählung der Neuronen beginnt mit den toten. Où sont les neurones qui ne s'activent jamais ? ¿Dónde están las neuronas?
Перепись нейронов начинается с мёртвых нейронов. Нейроны, которые никогда не активны.
Η απογραφή των νευρώνων αρχίζει από τους νεκρούς. 神经元的普查从死神经元开始。神经元 ニューロンの調査は死んだニューロンから始まる。
뉴런의 조사는 죽은 뉴런에서 시작된다. मृत न्यूरॉन से गणना शुरू होती है। تعداد الخلايا العصبية. 🙂🙂 👍👍 🙂
"""

TEXTS = {
    "empty": [""],
    "plain": ["I like you.", "Hello, world!", " leading", "trailing ", "CamelCase snake_case kebab-case", "a", " "],
    "contractions": [
        "I'm you've they'd we'll it's don't they're", "I'M YOU'VE THEY'D IT'S DON'T", "'s't're've'm'll'd", "'sail 'tis 'rex 'very",
        "''s '''t", "it’s don’t", " 's  's", "rock 'n' roll", "'", "x'", "'l 'r 'v 'x", "s's", "1's", "'re'", "'\u017f",
    ],
    "spaces": [
        "a  b", "a   b", "  a", "   ", "a ", "a  ", "  a  b  ", " " * 7 + "x", " " * 64 + "x", " " * 1000, "a" + " " * 49,
        "a .  b , c", " . . ", "  .", "   !?", "(  )",
    ],
    "newlines and tabs": [
        "\n", "\n\n", "\n\n\n", "a\nb", "a\n\nb", "a \n b", "a\n b", "a\n  b", "a \n\n b", "a\r\nb\r\n", "\ta", "\t\ta", "a\tb",
        "\t \t a", " \t\n\r\n x", "\n ", " \n", "x\n\n\n", "\v\f x", "if x:\n    return y\n\n\n", "{\n\t\tint x;\n\t}\n",
    ],
    "digits": ["1234567890", "12 345", " 12", "  12", "3.14", "1,000,000", "a1b2", "1st 2nd", "½ ² Ⅷ ①", "٣٤٥ १२३ 四五", "0x1F", "2024-01-31"],
    "scripts": [
        "Перепись нейронов", "η απογραφή", "תורה שבעל פה", "تعداد الخلايا العصبية", "न्यूरॉन से", "ภาษาไทย", "神经元的普查", "ニューロンの調査",
        "뉴런의 조사", "ქართული", "Ünïcödé Straße ﬁn", "ǅ ʰ ª º", "𝔘𝔫𝔦 𐍈𐌰 𒀀", "a神b 1神2", "Ñandú año",
    ],
    "emoji": ["🙂", "🙂🙂 🙂", "👍🏽", "👨‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "1️⃣ #️⃣", "a🙂b", " 🙂", "❤️", "☃ ★ → ≠ ∑"],
    "combining marks": ["e\u0301", "cafe\u0301 noir", "a\u0300\u0316\u0308b", "\u0301", " \u0301x", "नि नी", "שָׁלוֹם", "ă̂", "1\u20e3"],
    "unicode spaces": [f"a{c}b {c}c{c}{c}d{c} {c}{c}" for c in "\u00a0\u1680\u2000\u2003\u200a\u2028\u2029\u202f\u205f\u3000\u0085"]
    + [f"a{c}b {c}c{c}{c}d{c} {c}{c}" for c in "\u180e\u200b\u200c\u200d\u2060\ufeff\u001c\u001d\u001e\u001f"],
    "controls": ["\0", "a\0b", "\0\0 \0", "\x01\x02", "\x7f", "\u0080\u009f", "\ufeffbom", "\ue000", "\ufffe\uffff", "\U0010ffff", "\u0378", "\ufffd"],
    "special names": ["</s>", "<s>text</s>", " </s> ", "<pad><unk>", "</s></s>"],
    "code": ["for (int i = 0; i < n; ++i) {\n    x[i] += y[i];\n}\n", "#include <census/census.hpp>", "a->b::c<d>&&e", "x==y!=z", "/* … */", "λ x. x"],
    "long pieces": ["a" * 47, "a" * 48, "a" * 49, "a" * 1000, "the" * 40, "neuron" * 30, "=" * 200, "1" * 100, "ab" * 500, "🙂" * 30, "神" * 40],
}

INVALID = [
    b"\xff", b"\x80", b"a\xffb", b"a\xff b", b"a \xff b", b"\xff\xfe\xfd", b"\xc3", b"caf\xc3", b"\xc3(", b"\xe2\x82", b"\xe2\x82 x", b"\xe2(\xa1",
    b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80",
    b"\xf0\x9f\x99", b"\xf0\x9f\x99x", b"\xf0\x9f\x99\x82\x82", b"  \xff  ", b"'s\xff's", b"\xff's", b"1\x8012", b"\n\xff\n", b"latin-1: caf\xe9 na\xefve",
    b"\xff" * 100, b"\xe4\xbd\xa0\xe5\xa5", b"\x00\xff\x00", b" \xc2\xa0\xa0 ", bytes(range(256)), bytes(range(255, -1, -1)),
]


def random_texts(count):
    source = random.Random(2309)
    characters = list("aeinstTHE'’.,;:!?()-_<>/0123456789     \n\t\r") + list("ñéßжиनिשา神経🙂👍🏽\u00a0\u2003\u3000\u200b\u200d\u0301½٣\0")
    words = ["the", " neuron", "'s", "'ll", "  ", " 12", "token", "\n\n", " fires", "…"]
    for _ in range(count):
        text = "".join(source.choice(words if source.random() < 0.2 else characters) for _ in range(source.randrange(1, 60)))
        if source.random() < 0.5:
            yield text.encode()
        else:
            bytes_ = bytearray(text.encode())
            for _ in range(source.randrange(1, 6)):
                bytes_[source.randrange(len(bytes_))] = source.randrange(256)
            yield bytes(bytes_)


def stretches(text):
    """(bytes, whether they are UTF-8), maximal stretches."""
    at, out = 0, []
    while at < len(text):
        for length in (1, 2, 3, 4):
            try:
                text[at : at + length].decode()
                ok = at + length <= len(text)
            except UnicodeDecodeError:
                ok = False
            if ok:
                break
        part = text[at : at + (length if ok else 1)]
        if out and out[-1][1] == ok:
            out[-1] = (out[-1][0] + part, ok)
        else:
            out.append((part, ok))
        at += len(part)
    return out


def alphabet():
    """byte -> character, from the library's own output for each byte of some UTF-8 text, and GPT-2's rule for those UTF-8 never has."""
    split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    known = {}
    for code in [*range(0x80), *range(0x80, 0x800), *range(0x800, 0xD800, 0x40), *range(0xE000, 0x10000, 0x40), *range(0x10000, 0x110000, 0x1000)]:
        character = chr(code)
        known.update(zip(character.encode(), "".join(piece for piece, _ in split.pre_tokenize_str(character))))
    for byte in (0xC0, 0xC1, *range(0xF5, 0x100)):
        known[byte] = chr(byte)
    assert len(known) == 256 and len(set(known.values())) == 256
    return known


def main():
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    trained.train_from_iterator([TRAINING], trainer)
    trained.model.save(str(FOLDER))

    # Without added tokens, so that the names of special tokens are text.
    reference = Tokenizer(models.BPE.from_file(str(FOLDER / "vocab.json"), str(FOLDER / "merges.txt")))
    reference.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    character_of = alphabet()
    byte_of = {character: byte for byte, character in character_of.items()}

    def case(group, text):
        ids, pieces = [], []
        for part, is_utf8 in stretches(text):
            if is_utf8:
                ids += reference.encode(part.decode()).ids
                pieces += [len(piece) for piece, _ in reference.pre_tokenizer.pre_tokenize_str(part.decode())]
            else:
                ids += [token.id for token in reference.model.tokenize("".join(character_of[byte] for byte in part))]
                pieces.append(len(part))
        spelled = "".join(reference.id_to_token(token) for token in ids)
        assert bytes(byte_of[c] for c in spelled) == text and sum(pieces) == len(text)
        return {"group": group, "text": text.hex(), "pieces": pieces, "ids": ids}

    cases = [case(group, text.encode()) for group, texts in TEXTS.items() for text in texts]
    cases += [case("invalid UTF-8", text) for text in INVALID]
    cases += [case("random", text) for text in random_texts(150)]

    def is_space(code):
        pieces = [piece for piece, _ in reference.pre_tokenizer.pre_tokenize_str("x" + 2 * chr(code) + "x")]
        return len(pieces) == 4 or code == 0x20

    spaces = [code for code in range(0x110000) if not 0xD800 <= code < 0xE000 and is_space(code)]
    with open(FOLDER / "cases.json", "w") as file:
        file.write('{"white_space": ' + json.dumps(spaces) + ',\n "cases": [\n')
        file.write(",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
