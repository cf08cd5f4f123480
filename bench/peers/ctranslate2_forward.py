#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A peer (see peer.py): CTranslate2's forward pass alone in float32; it cannot count.

    PEER MODEL TEXT.npy CONTEXT THREADS [logits]

Generator.forward_batch also multiplies with the output embedding, a third of the work; a census needs none of that, so the model is
converted with an output of 8 rows unless `logits` is said. The converted model is kept beside MODEL; when it is made, its answers to one
sequence are compared with those of transformers.
"""
import itertools
import pathlib
import shutil
import sys
import time

import peer


def convert(folder, rows, ids):
    """MODEL-ct2-ROWS, converted by CTranslate2's own loader."""
    made = pathlib.Path(f"{folder}-ct2-{rows or 'all'}")
    weights = pathlib.Path(folder) / "model.safetensors"
    if (made / "checked").exists() and (made / "checked").stat().st_mtime > weights.stat().st_mtime:
        return made
    import ctranslate2
    import numpy as np
    import torch
    from ctranslate2.converters.transformers import OPTLoader
    from transformers import OPTForCausalLM

    model = OPTForCausalLM.from_pretrained(folder, dtype=torch.float32)
    spec = OPTLoader().get_model_spec(model)
    if rows:
        spec.decoder.projection.weight = spec.decoder.projection.weight[:rows]
    spec.register_vocabulary([f"t{i}" for i in range(model.config.vocab_size)])
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "t2", "t2", "t3"
    spec.validate()
    spec.optimize(quantization="float32")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    spec.save(str(made))
    with torch.inference_mode():
        expected = model(torch.tensor([ids])).logits[0, :, :rows].numpy()
    given = np.array(ctranslate2.Generator(str(made), device="cpu", compute_type="float32").forward_batch([ids]))[0]
    if given.shape != expected.shape or np.abs(given - expected).max() > 1e-3 * np.abs(expected).max():
        sys.exit("CTranslate2 answers otherwise than transformers")
    (made / "checked").touch()
    return made


def main():
    folder, path, context, threads = peer.arguments()
    ids = peer.Text(path, context).ids.tolist()
    made = convert(folder, None if sys.argv[5:] == ["logits"] else 8, ids[0])
    import ctranslate2

    def passes(generator, batch):
        """As many batches at once as there are workers; the answers are waited for."""
        from concurrent.futures import ThreadPoolExecutor

        parts = [ids[i:i + batch] for i in range(0, len(ids), batch)]
        with ThreadPoolExecutor(generator.num_generators if hasattr(generator, "num_generators") else 1) as pool:
            list(pool.map(lambda part: generator.forward_batch(part), parts))

    def opened(workers):
        return ctranslate2.Generator(str(made), device="cpu", compute_type="float32", inter_threads=workers,
                                     intra_threads=max(1, threads // workers))

    best = None
    for workers, batch in itertools.product(sorted({1, threads}), (1, 2)):
        generator = opened(workers)
        passes(generator, batch)
        start = time.perf_counter()
        passes(generator, batch)
        seconds = time.perf_counter() - start
        if best is None or seconds < best[0]:
            best = seconds, workers, batch, generator
        del generator
    _, workers, batch, generator = best
    peer.serve(lambda: passes(generator, batch), None, f"ready: {workers} workers, {batch} sequences at once")


if __name__ == "__main__":
    main()
