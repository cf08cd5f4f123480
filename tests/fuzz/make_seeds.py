#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_seeds.py FOLDER: small well-formed inputs of each fuzz body, in FOLDER/NAME/, for a fuzzer to begin with.

Needs `zstd` for those of the body zst; all else is Python's own. The same bytes each time it is run.
"""
import gzip
import io
import json
import pathlib
import struct
import subprocess
import sys
import zipfile

BETWEEN = b"\n-- 8< --\n"  # file_ends of support/input_folder.hpp


def safetensors(tensors, metadata=None):
    """tensors: (name, dtype, shape, bytes)."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, dtype, shape, values in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def npy(descr, shape, values, version=1):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + values


def numbers(code, *values):
    return struct.pack(f"<{len(values)}{code}", *values)


def pickled(protocol, *storages):
    """A state dict of a tensor [1, 2] a storage, as torch.save writes it."""
    def text(value):
        return b"X" + struct.pack("<I", len(value)) + value
    out = bytes([0x80, protocol]) + b"ccollections\nOrderedDict\nq\x00)Rq\x01("
    for number, kind in enumerate(storages):
        out += text(b"w%d" % number) + b"ctorch._utils\n_rebuild_tensor_v2\n((" + text(b"storage")
        out += b"ctorch\n" + kind + b"\n" + text(b"%d" % number) + text(b"cpu") + b"K\x02tQK\x00K\x01K\x02\x86K\x02K\x01\x86\x89"
        out += b"h\x00)Rq\x02tR"
    return out + b"u."


def torch_file(protocol, *storages):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        def add(name, content):
            archive.writestr(zipfile.ZipInfo(name), content)
        add("a/data.pkl", pickled(protocol, *(kind for kind, _ in storages)))
        add("a/byteorder", "little")
        for number, (_, content) in enumerate(storages):
            add(f"a/data/{number}", content)
    return file.getvalue()


def zstd(content, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=content, capture_output=True, check=True).stdout


def tokenizer_json(**changes):
    file = {"version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [{"id": 262, "content": "<x>", "single_word": False, "lstrip": False, "rstrip": False,
                              "normalized": False, "special": True}],
            "normalizer": None, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True},
            "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "</s>", "type_id": 0}},
                                                                        {"Sequence": {"id": "A", "type_id": 0}}]},
            "decoder": {"type": "ByteLevel"},
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                      "end_of_word_suffix": "", "fuse_unk": False,
                      "vocab": {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "bytes": 4, "ab": 260, "abc": 261},
                      "merges": [["a", "b"], ["ab", "c"]]}}
    file.update(changes)
    return json.dumps(file, separators=(",", ":")).encode()


VOCABULARY = b'{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"bytes":4,"ab":260,"abc":261}'
MERGES = b"#version: 0.2\na b\nab c\n"
LAYERS = b"layer,neurons,dead,positional_corrected\n2,3,1,1\n3,2,2,0\n"
NEURONS = (b"layer,neuron,firings,positional_corrected,mutual_information_corrected,positional_type,positional_strong\n"
           b"2,0,5,0,,,\n2,1,0,0,,,\n2,2,7,1,0.25,oscillatory,1\n3,0,0,,,,\n3,1,0,,,,\n")
RUN = json.dumps({
    "census": "0.1.0", "blas": "b", "settings": {"context": "256", "bos": "yes", "shards": 3},
    "model": [{"path": "m/config.json", "bytes": 12, "fnv1a_64": "00000000000000ff"}],
    "texts": [{"path": "t.txt", "bytes": 7, "fnv1a_64": "ffffffffffffffff", "domain": "prose"}],
    "tokens_by_domain": {"prose": 700}, "documents": 4, "sequences": 5, "full_sequences": 2,
    "seconds": {"survey": 0.5}, "peak_memory_bytes": 1000, "files": ["layers.csv"]}).encode()
OPT = {"model_type": "opt", "vocab_size": 64, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
       "ffn_dim": 16, "max_position_embeddings": 32, "word_embed_proj_dim": 4, "do_layer_norm_before": True,
       "enable_bias": True, "layer_norm_elementwise_affine": True, "activation_function": "relu", "bos_token_id": 2,
       "pad_token_id": 1, "tie_word_embeddings": True, "_remove_final_layer_norm": False}
GPT2 = {"model_type": "gpt2", "vocab_size": 64, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_positions": 32, "n_ctx": 32,
        "n_inner": 16, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new", "bos_token_id": 63,
        "scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False}
TEXT = "One line, two.\n\nAnother; a caf\u00e9.<|endoftext|>\nThe last\n".encode()
LINES = b'{"text": "one"}\n\n{"id": 7, "text": "t\\u00e9\\ud83d\\ude00", "x": [NaN, 1e5]}\n{"text": ""}\n'


def seeds():
    two = [("b", "F16", [2, 2], numbers("H", 0x3C00, 0, 1, 2)), ("a", "F32", [1, 2], numbers("f", 1.5, -2))]
    yield "safetensors", [
        safetensors(two, {"format": "pt"}), safetensors([]),
        safetensors([("a", "BF16", [3], b"abcdef"), ("b", "I64", [0, 4], b""), ("c", "F8_E4M3", [], b"x"),
                     ("d", "NEW", [7], b"yy")])]
    yield "pytorch", [
        torch_file(2, (b"FloatStorage", numbers("f", 1, 2)), (b"HalfStorage", numbers("H", 1, 2))),
        torch_file(4, (b"BFloat16Storage", numbers("H", 1, 2)))]
    yield "pickle", [pickled(2, b"FloatStorage"), pickled(4, b"FloatStorage", b"FloatStorage"),
                     b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94M\x10\x00N\x88\x89e\x8a\x01\xff.",
                     b"\x80\x02}(X\x01\x00\x00\x00a](K\x01J\x01\x00\x00\x00G12345678eu."]
    index = {"metadata": {"total_size": 16}, "weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}
    yield "shards", [BETWEEN.join([json.dumps(index).encode(), safetensors([two[1]]),
                                   safetensors([two[0], ("more", "U8", [1], b"1")])])]
    yield "config", [json.dumps(OPT).encode(), json.dumps(GPT2).encode(),
                     json.dumps({"model_type": "opt", "quantization_config": {"bits": 4}, "rope": 1}).encode(),
                     b'{"model_type": "gpt2", "activation_function": "gelu_pytorch_tanh"}']
    settings = {"bos_token": "</s>", "pad_token": {"content": "<pad>"}, "add_bos_token": True,
                "tokenizer_class": "GPT2Tokenizer", "additional_special_tokens": ["<y>"], "news": 1,
                "added_tokens_decoder": {"262": {"content": "<x>", "special": True, "lstrip": False}}}
    yield "vocabulary", [
        BETWEEN.join([VOCABULARY, MERGES]),
        BETWEEN.join([VOCABULARY, MERGES, json.dumps(settings).encode(), b'{"eos_token":"</s>"}', b'{"<y>":263}'])]
    yield "tokenizer_json", [
        tokenizer_json(), BETWEEN.join([tokenizer_json(), json.dumps(settings).encode()]),
        tokenizer_json(added_tokens=[], decoder=None, post_processor={"type": "Sequence", "processors": [
            {"type": "TemplateProcessing", "single": [{"Sequence": {}}, {"SpecialToken": {"id": "<s>"}}]}]})]
    yield "text", [TEXT, b"a\r\n \r\n\r\nb", b"'s it'll 12 \xff\xfe\xe2\x82 x"]
    yield "jsonl", [LINES, b' [\n{"text": "a, [b]"},\n{"text": "c"}]\n', b"[]", b'{"text":\n"x"}']
    yield "gz", [gzip.compress(TEXT, mtime=0), gzip.compress(TEXT, 0, mtime=0) + gzip.compress(b"more" * 99, mtime=0)]
    yield "zst", [zstd(TEXT), zstd(b"abcdefgh" * 200 + bytes(range(32, 127)) * 3, "-19"),
                  zstd(TEXT, "--no-check") + b"\x50\x2a\x4d\x18\x02\x00\x00\x00xy" + zstd(b"a" * 5000)]
    yield "npy", [npy("<u2", "(4,)", numbers("H", 0, 5, 9, 1)), npy("<i8", "(2, 3)", numbers("q", 0, 5, 1, 7, 8, 1), 2),
                  npy("<u4", "(1, 2)", numbers("I", 259, 1))]
    layers = [(f"layer.{i}", "F32", [2, 3, 2], numbers("f", *range(-6, 6))) for i in (0, 2)]
    one = npy("<f4", "(2, 3, 2)", numbers("f", *range(-6, 6)))
    ids, mask = npy("<i4", "(2, 3)", numbers("i", 2, 5, 6, 2, 7, 1)), npy("|b1", "(2, 3)", b"\1\1\1\1\1\0")
    yield "recording", [
        BETWEEN.join([safetensors(layers), one, ids, mask]),
        BETWEEN.join([safetensors([("layer.1", "F64", [2, 2], numbers("d", 1e-300, -1, 0, 1e300))]),
                      npy("<f8", "(4, 1)", numbers("d", 1, 2, 3, 4)), npy("<u2", "(4,)", numbers("H", 2, 2, 3, 3)),
                      npy("|u1", "(4,)", b"\1\1\1\0")]),
        BETWEEN.join([safetensors([("layer.0", "BF16", [1, 1, 2], numbers("H", 1, 0x8000))]),
                      npy("<f2", "(2, 1)", numbers("H", 0x3C00, 0))])]
    shard = {"layer": 0, "first_row": 0, "rows": 3}
    index = {"census": "0.1.0", "recording": 1, "model": [{"path": "m/config.json", "bytes": 1, "fnv1a_64": "0" * 16}],
             "texts": [{"path": "t.txt", "bytes": 7, "fnv1a_64": "f" * 16, "domain": "prose", "splits": 1}], "blas": "b",
             "settings": {"context": "2"}, "first_layer": 0, "layers": 1, "neurons": 3, "tokens": 3, "sequences": 2,
             "context": 2, "bos": 2, "domains": ["prose"], "values": "activations",
             "text": {"file": "text.safetensors", "text": 0},
             "shards": [{"tensor": "firings", **shard, "file": "firings-0-0.safetensors", "first": 0},
                        {"tensor": "values", **shard, "file": "values-0-0.safetensors", "second": 0}],
             "files": ["text.safetensors"]}
    text = safetensors([("documents", "U64", [2], numbers("Q", 0, 1)), ("offsets", "U64", [2], numbers("Q", 0, 0)),
                        ("tokens", "U32", [3], numbers("I", 2, 5, 2)), ("pieces", "U32", [2], numbers("I", 0, 0)),
                        ("lengths", "U32", [2], numbers("I", 2, 1)), ("domains", "U16", [2], numbers("H", 0, 0)),
                        ("full", "BOOL", [2], b"\1\0"), ("has_bos", "BOOL", [2], b"\1\1")])
    firings = safetensors([("firings", "U8", [3, 8], numbers("Q", 1, 0, 6))])
    values = safetensors([("values", "F32", [3, 3], numbers("f", 1, 0, -1, 0, 0, 0, -2, 3, 4))])
    yield "firings_recording", [BETWEEN.join([json.dumps(one, separators=(",", ":")).encode(), text, firings, values])
                                for one in (index, {**index, "values": "none", "shards": index["shards"][:1]})]
    yield "census_folder", [BETWEEN.join([RUN, LAYERS, NEURONS]), BETWEEN.join(
        [b"{}", b"layer,neurons,dead\r\n0,1,0\r\n", b"\xef\xbb\xbflayer,neuron,firings\n0,0,9\n"])]
    rows = [("occurrences", "I64", [2], numbers("q", 5, 2)), ("counts", "U32", [2, 3], numbers("I", 0, 5, 1, 2, 0, 0))]
    yield "table", [
        safetensors([("keys", "U32", [2], numbers("I", 3, 1)), *rows, ("strings", "U8", [3], b"abc"),
                     ("string_ends", "I64", [2], numbers("q", 1, 3))]),
        safetensors([("keys", "BOOL", [2], b"\1\0"), *rows]),
        safetensors([("keys", "I64", [2, 2], numbers("q", 3, 1, 3, 2)), *rows]),
        safetensors([("keys", "U8", [3], b"abc"), ("key_ends", "I64", [2], numbers("q", 1, 3)), *rows]),
        safetensors([("occurrences", "U8", [1], b"\7"), ("counts", "I8", [1, 2], b"\1\7")])]
    ends = [("promoted", "U32", [2, 2], numbers("I", 5, 3, 3, 9)), ("promoted_scores", "F32", [2, 2], numbers("f", 2, 1, 0.5, 0)),
            ("suppressed", "U32", [2, 2], numbers("I", 9, 9, 5, 3)), ("suppressed_scores", "F32", [2, 2], numbers("f", -1, 0, -2, -2))]
    names = [("tokens", "U32", [3], numbers("I", 3, 5, 9)), ("strings", "U8", [3], b"a\xffb"), ("string_ends", "I64", [3], numbers("q", 1, 2, 3))]
    yield "projections", [
        safetensors([*ends, *names]),
        safetensors([(name, "F16", [1, 1], b"\0\x3c") if dtype == "F32" else (name, "I64", [1, 1], numbers("q", 9))
                     for name, dtype, _, _ in ends] + names),
        safetensors([(name, dtype, [0, 2], b"") for name, dtype, _, _ in ends] + [("tokens", "U32", [0], b""), ("strings", "U8", [0], b""),
                                                                                  ("string_ends", "I64", [0], b"")])]
    yield "silent_neurons", [
        b"layer,neuron,firings\n0,0,9\n1,0,0\n1,1,7\n1,2,0\n2,0,1\n2,1,1\n2,2,3\n3,0,0\n",
        b"more,firings,layer,neuron\r\n,0,1,0\r\n,0,1,1\r\n,0,1,2\r\n,0,2,0\r\n,0,2,1\r\n,0,2,2\r\n"]
    example = {"value": 2.5, "document": 3, "piece": 0, "position": 1, "first": 0, "ids": [7, 9], "tokens": ["a", "\"</b>"], "values": [0, 2.5]}
    bins = [{"from": 0.5, "to": 2.5, "share": 1, "examples": [example]}]
    infinite = {**example, "value": None, "ids": [7, None], "values": [0.25, None]}
    lines = [{"layer": 0, "neuron": 1, "examples": [example], "bins": bins}, {"layer": 1, "neuron": 0, "examples": [infinite]}]
    detector = {"layer": 0, "neuron": 1, "n": 1, "promoted": [{"text": "up", "id": 1, "score": 3.5}], "suppressed": []}
    neurons = b"layer,neuron,firings,firings_without_bos,frequency\n0,0,0,0,0\n0,1,4,4,0.5\n1,0,1,1,0.25\n"
    layers = b"layer,neurons,dead,token_detectors\n0,2,1,1\n1,1,0,0\n"
    yield "examples", [BETWEEN.join(["".join(json.dumps(line) + "\n" for line in some).encode(), neurons,
                                     (json.dumps(detector) + "\n").encode(), layers, b"{}"]) for some in (lines, lines[:1])]


def main():
    for body, inputs in seeds():
        folder = pathlib.Path(sys.argv[1]) / body
        folder.mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(inputs):
            (folder / f"seed-{number}").write_bytes(content)


main()
