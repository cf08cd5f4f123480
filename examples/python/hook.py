# SPDX-License-Identifier: MIT
"""Counts the neurons of Hugging Face's OPT while it runs in PyTorch: hook.py MODEL [DEVICE], torch_census on PYTHONPATH."""
import sys

import torch
from torch_census import Census
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1]).eval().to((sys.argv + ["cpu"])[2])
census, ids = Census(), torch.randint(4, model.config.vocab_size, (8, 32))
for number, layer in enumerate(model.model.decoder.layers):  # ReLU, then fc2: what goes into that is what fired
    layer.fc2.register_forward_pre_hook(
        lambda module, inputs, number=number: census.observe(number, inputs[0].reshape(*ids.shape, -1), ids))
with torch.no_grad():
    model(ids.to(model.device))
for number, tables in census.tables().items():
    firings = tables["all"]["counts"][0]
    print(f"layer {number}: {(firings == 0).sum()} of {len(firings)} neurons silent, {firings.sum()} firings")
