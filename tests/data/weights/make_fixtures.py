#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the checkpoint files that tests/weights reads, as PyTorch and transformers write them.

    python3 make_fixtures.py            # into this folder

Needs torch, transformers, huggingface_hub and safetensors. Each folder with good files holds expected.safetensors beside them: the
same tensors by the same names, as torch.load gives them. In `refused` are files that have to be refused.
"""
import collections
import io
import json
import os
import pathlib
import re
import shutil
import zipfile

import torch
from huggingface_hub import split_torch_state_dict_into_shards
from safetensors.torch import save_file
from transformers import OPTConfig, OPTForCausalLM

HERE = pathlib.Path(__file__).parent


def folder(name):
    path = HERE / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def tiny_opt(dtype):
    config = OPTConfig(vocab_size=17, hidden_size=8, word_embed_proj_dim=8, ffn_dim=12, num_hidden_layers=2, num_attention_heads=2,
                       max_position_embeddings=10)
    model = OPTForCausalLM(config)
    for parameter in model.parameters():
        parameter.data.normal_()
    model.to(dtype).tie_weights()
    return model


def expect(path, tensors):
    save_file({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}, str(path / "expected.safetensors"))


def make_single(name, dtype, **settings):
    """A pytorch_model.bin of a model whose output embedding is tied to the input embedding: two names for one storage."""
    path, tensors = folder(name), tiny_opt(dtype).state_dict()
    assert tensors["lm_head.weight"].data_ptr() == tensors["model.decoder.embed_tokens.weight"].data_ptr()
    torch.save(tensors, path / "pytorch_model.bin", **settings)
    expect(path, torch.load(path / "pytorch_model.bin", weights_only=False))


def make_sharded(name, dtype):
    path, tensors = folder(name), tiny_opt(dtype).state_dict()
    split = split_torch_state_dict_into_shards(tensors, max_shard_size=1200, filename_pattern="pytorch_model{suffix}.bin")
    for shard, names in split.filename_to_tensors.items():
        torch.save({name: tensors[name].clone() for name in names}, path / shard)
    index = {"metadata": split.metadata, "weight_map": split.tensor_to_filename}
    (path / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2) + "\n")
    assert len(split.filename_to_tensors) > 2
    expect(path, {name: torch.load(path / shard)[name] for name, shard in split.tensor_to_filename.items()})


def make_sharded_safetensors(name, dtype):
    """As transformers shards it."""
    path, model = folder(name), tiny_opt(dtype)
    model.save_pretrained(path, max_shard_size=1200)
    for file in path.iterdir():
        if not file.name.startswith("model"):
            file.unlink()
    names = json.loads((path / "model.safetensors.index.json").read_text())["weight_map"]
    assert len(set(names.values())) > 2
    expect(path, {name: model.state_dict()[name] for name in names})


def make_views(name):
    """What a state dict may hold besides plain tensors: views into shared storages, parameters, every type, odd names."""
    path = folder(name)
    base = torch.arange(60, dtype=torch.float32) / 7
    halves = base.to(torch.float16)
    tensors = collections.OrderedDict(
        whole=base, offset=base[13:43].view(5, 6), row=base.view(6, 10)[4], again=base, scalar=torch.tensor(2.5), empty=torch.zeros(0, 3),
        narrow=halves.view(30, 2)[7:9], one_column=halves[5:9].as_strided((4, 1), (1, 77)), parameter=torch.nn.Parameter(base[50:]),
        wide_integer=torch.tensor([-(2 ** 40), 3]), boolean=torch.tensor([True, False, True]), uint8=torch.arange(5, dtype=torch.uint8),
        int8=torch.tensor([-7, 7], dtype=torch.int8), int16=torch.tensor([-700, 7], dtype=torch.int16),
        int32=torch.tensor([-70000, 7], dtype=torch.int32), float64=torch.tensor([1e300, -0.1], dtype=torch.float64),
        bfloat16=torch.tensor([1.5, -2.0, 3e38], dtype=torch.bfloat16), **{"a name in 日本語": base[:2]})
    torch.save(tensors, path / "pytorch_model.bin")
    expect(path, torch.load(path / "pytorch_model.bin", weights_only=False))


class Malicious:
    """What calls os.system when it is unpickled by Python."""

    def __reduce__(self):
        return os.system, ("touch census_was_run",)


def rewritten(source, into, change):
    """The archive with its entries changed: change(writer, entry, bytes) writes each."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(into, "w") as write:
        for entry in read.infolist():
            change(write, zipfile.ZipInfo(entry.filename), read.read(entry))


def make_refused():
    path = folder("refused")
    values = torch.arange(12, dtype=torch.float32)
    legacy = io.BytesIO()
    torch.save({"a": values}, legacy, _use_new_zipfile_serialization=False)
    same = re.sub(rb"[0-9]{8,}", lambda address: b"1" * len(address[0]), legacy.getvalue())  # the storage's, another in each run
    (path / "legacy.bin").write_bytes(same)
    torch.save({"a": values.view(3, 4).t()}, path / "transposed.bin")
    torch.save({"model": {"a": values}}, path / "nested.bin")
    torch.save({"a": values.to_sparse()}, path / "sparse.bin")
    torch.save({"a": values.to(torch.float8_e4m3fn)}, path / "float8.bin")
    torch.save([values], path / "list.bin")
    torch.save({"a": Malicious(), "b": values}, path / "malicious.bin")
    torch.save({"a": values, "b": Malicious()}, path / "malicious_protocol_4.bin", pickle_protocol=4)
    good = io.BytesIO()
    torch.save({"a": values}, good)
    rewritten(good, path / "compressed.bin", lambda write, entry, data: write.writestr(entry, data, zipfile.ZIP_DEFLATED))
    text = b"cos\nsystem\n(X\x15\x00\x00\x00touch census_was_runtR."
    rewritten(good, path / "os_system.bin",
              lambda write, entry, data: write.writestr(entry, text if entry.filename.endswith("/data.pkl") else data))


def main():
    torch.manual_seed(20230912)
    make_single("float16", torch.float16)
    make_single("float32_protocol_4", torch.float32, pickle_protocol=4)
    make_sharded("bfloat16_sharded", torch.bfloat16)
    make_sharded_safetensors("float32_sharded_safetensors", torch.float32)
    make_views("views")
    make_refused()


if __name__ == "__main__":
    main()
