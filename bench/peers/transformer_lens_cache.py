#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A peer (see peer.py): TransformerLens, run_with_cache sequence by sequence, the same tables counted from the cache.

    PEER MODEL TEXT.npy CONTEXT THREADS [post]

As its tutorials have it: everything cached, eager attention, logits computed though nobody asks for them. With `post` its cache holds
nothing but the activations that are counted (names_filter). Where PEER_SEQUENCES is set, "run" is a pass over so many of the text's
sequences. Reads TransformerLens 2 and 3 (HookedTransformer) and 4 (TransformerBridge).
"""
import logging
import os
import sys

import peer


def open_model(torch, folder):
    from transformers import OPTForCausalLM

    model = OPTForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    try:
        from transformer_lens.model_bridge import TransformerBridge
    except ImportError:
        from transformer_lens import HookedTransformer
        return HookedTransformer.from_pretrained_no_processing("facebook/opt-125m", hf_model=model, device="cpu")
    return TransformerBridge.boot_transformers(folder, hf_model=model, device="cpu")


def main():
    folder, path, context, threads = peer.arguments()
    only_post = sys.argv[5:] == ["post"]
    import torch

    torch.set_num_threads(threads)
    logging.disable(logging.WARNING)
    text = peer.Text(path, context)
    model = open_model(torch, folder)
    ids, rows = torch.from_numpy(text.ids), torch.from_numpy(text.rows)
    layers, neurons = model.cfg.n_layers, model.cfg.d_mlp
    names = [f"blocks.{layer}.mlp.hook_post" for layer in range(layers)]

    class Tables:
        def __init__(self):
            self.position = torch.zeros(layers, context, neurons, dtype=torch.int32)
            self.token = torch.zeros(layers, text.distinct + 1, neurons, dtype=torch.int32)

    options = dict(return_type=None)
    if only_post:
        options["names_filter"] = lambda name: name in names

    @torch.inference_mode()
    def one_pass(tables, sequences=text.sequences):
        for s in range(sequences):
            _, cache = model.run_with_cache(ids[s:s + 1], **options)
            for layer, name in enumerate(names):
                fired = cache[name].view(context, neurons) > 0
                tables.position[layer] += fired
                tables.token[layer].index_add_(0, rows[s], fired.to(torch.int32))

    few = int(os.environ.get("PEER_SEQUENCES", text.sequences))
    kept = Tables()
    one_pass(kept, 1)

    def tables(_):
        fresh = Tables()
        one_pass(fresh)
        yield fresh.position.sum(1).to(torch.int32).numpy()
        yield fresh.position.numpy()
        yield fresh.token[:, :-1].contiguous().numpy()

    peer.serve(lambda: one_pass(kept, few), tables)


if __name__ == "__main__":
    main()
