#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Train neuron_kinds, a small OPT model which census bundles, its checkpoints, and its twin without positions.

    train.py prepare FOLDER                              collect and encode the text (minutes, once)
    train.py train FOLDER --tokens 1e7 [name=value ...]  a run that ends after 10 million tokens, or --minutes
    train.py try FOLDER --seconds 6 rate=0.002,0.004 batch=16
                                                         short runs, one for each combination: held-out loss and speed
    train.py evaluate MODEL TEXT                         loss per domain and firing per layer on text, as JSON
    train.py check MODEL TEXT                            compare with Hugging Face's OPTForCausalLM and GPT2Tokenizer

FOLDER is outside of the repository: corpus/ (text), encoded/<vocabulary>/ (the same as tokens) and run/ (what `train` made).
The recipe is recipe.json; name=value changes a number of it. Where there is a GPU it is used.

`train` may be killed, and goes on when the same command is given again: it loses at most half a minute. Checkpoints of both
twins at 1, 2, 5, 10, 20, 50 and 100 % of the run lie in run/checkpoints/, each a model folder. Held-out loss is logged;
nothing is decided by it, nor by what neurons do. Loss: cross entropy, nothing else. No penalty for firing, no dropout.

Needs torch 2, numpy, tokenizers, safetensors; `prepare` what collect_text.py needs; `check` transformers.
"""

import argparse
import fcntl
import itertools
import json
import math
import os
import signal
import time
from pathlib import Path

import torch
from measure import check, evaluate
from opt import save_model
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from text import BOS, Text, encoded_folder, prepare
from twins import NAMES, Twins

HERE = Path(__file__).resolve().parent
CHECKPOINTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # of the run
SAVE_EVERY, LOG_EVERY = 30, 5  # seconds
SAMPLE = 48  # held-out sequences of each domain that the log is about
SUPPORT = 73  # occurrences, at all of which a neuron must fire to be as sure of 95 % as the census asks of a supported detector


# ---------------------------------------------------------------- measuring


@torch.no_grad()
def held_out(twins, most=None):
    """Held-out loss of each twin: nats a token by domain, their mean ("all"), and the mean over domains of nats a byte."""
    tokens, by_byte = {}, []
    for domain, sequences in twins.text.held_out.items():
        totals, count, size = torch.zeros(2, device=twins.device), 0, 0
        for batch in sequences[:most].split(32):
            totals += twins.losses(batch).sum(1)
            count += batch[:, 1:].numel()
            size += twins.text.bytes[batch[:, 1:]].sum().item()
        tokens[domain] = (totals / count).tolist()
        by_byte.append((totals / size).tolist())
    mean = lambda values, twin: round(sum(value[twin] for value in values) / len(values), 4)
    return {
        name: {"all": mean(tokens.values(), twin), "per_byte": mean(by_byte, twin)}
        | {domain: round(loss[twin], 4) for domain, loss in tokens.items()}
        for twin, name in enumerate(NAMES)
    }


@torch.no_grad()
def firing(twins, sequences=2048):
    """Of the model, by layer, on crops of training text: the share of neurons that fire at a position, and that never do; how
    many detect tokens (the paper's rule: at most 5 tokens hold 95 % of the firings, and so do the tokens at which the neuron
    fires in 95 % of all cases), and how many of these also with tokens that occur SUPPORT times or more alone."""
    config, device = twins.config, twins.device
    fired = torch.zeros(config["layers"], config["vocabulary"], config["ffn"], dtype=torch.int32, device=device)
    occurred = torch.zeros(config["vocabulary"], dtype=torch.int32, device=device)
    places = torch.cat(list(twins.text.places(config["seed"] + 1, 0, 1)))[:sequences].to(device)
    for batch in places.split(32):
        neurons, crops = [], twins.text.crops(batch)
        twins.losses(crops, neurons)
        tokens = crops[:, :-1].flatten()
        occurred += torch.bincount(tokens, minlength=config["vocabulary"])
        for counts, layer in zip(fired, neurons):
            counts.index_add_(0, tokens, (layer[0] > 0).int())
    fired[:, BOS], occurred[BOS] = 0, 0
    total = fired.sum(1)
    detected = fired * (20 * fired >= 19 * occurred[:, None])
    few = (20 * fired.topk(5, 1).values.sum(1) >= 19 * total) & (20 * detected.sum(1) >= 19 * total) & (total > 0)
    supported = few & (20 * (detected * (occurred[:, None] >= SUPPORT)).sum(1) >= 19 * total)
    rounded = lambda values: [round(value, 4) for value in values.tolist()]
    return {
        "firing": rounded(total.double().mean(1) / occurred.sum().item()),
        "dead": rounded((total == 0).double().mean(1)),
        "token_detectors": few.sum(1).tolist(),
        "supported": supported.sum(1).tolist(),
    }


def rate_at(config, progress):
    """The learning rate after its rise: stays, and falls to zero over the last share `decay` of the run."""
    return config["rate"] * min(1.0, (1 - progress) / config["decay"])


def start(folder, config, device):
    """Text and twins, ready to take steps, and how many to take at a time."""
    prepare(folder, config)
    twins = Twins(config, Text(folder, config, device), device)
    twins.quicken()
    return twins, 100 if device == "cuda" else 1


# ---------------------------------------------------------------- a run on disk


def note(run, line):
    """Append a line to the log of the run and print it."""
    print(json.dumps(line), flush=True)
    with (run / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")


def save(run, twins, seconds):
    """Write the state of a run, whole or not at all: weights in float32, moments in bfloat16."""
    tensors = {name: value.to("cpu", torch.float32 if name == "weights" else torch.bfloat16) for name, value in twins.stored().items()}
    metadata = {"step": str(twins.at), "seconds": str(seconds), "config": json.dumps(twins.config)}
    save_file(tensors, run / "state.new", metadata)
    os.replace(run / "state.new", run / "state.safetensors")


def go_on(run, twins):
    """Put a saved state into the twins; returns the seconds of training so far."""
    path = run / "state.safetensors"
    if not path.exists():
        return 0.0
    with safe_open(path, "pt") as stored:
        metadata = stored.metadata()
    if json.loads(metadata["config"]) != twins.config:
        raise SystemExit(f"{path}: a run of another recipe; move it away, or repeat its settings: {metadata['config']}")
    twins.restore(load_file(path), int(metadata["step"]))
    print(f"goes on from step {metadata['step']}", flush=True)
    return float(metadata["seconds"])


def checkpoint(folder, twins, share):
    """Write both twins as model folders with their tokenizer, and log their losses on all held-out text."""
    run = folder / "run"
    name = f"{share:.0%}"
    if (run / "checkpoints" / name).exists():
        return
    for twin, twin_name in enumerate(NAMES):
        place = run / "checkpoints.new" / twin_name
        save_model(twins.decoder(twin), place)
        for file in ("vocab.json", "merges.txt"):
            (place / file).write_bytes((encoded_folder(folder, twins.config) / file).read_bytes())
    (run / "checkpoints").mkdir(exist_ok=True)
    os.replace(run / "checkpoints.new", run / "checkpoints" / name)
    most = None if share == 1 or twins.device == "cuda" else SAMPLE
    measured = {"held_out": held_out(twins, most), "on_training_text": firing(twins, 2048 if twins.device == "cuda" else 512)}
    note(run, {"step": twins.at, "checkpoint": name} | measured)


# ---------------------------------------------------------------- commands


def train(arguments, configs):
    """Begin a run, or go on with it, until it has had its minutes or its tokens."""
    (config,) = configs
    run = arguments.folder / "run"
    run.mkdir(parents=True, exist_ok=True)
    lock = (arguments.folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # waits for what trains in this folder already
    twins, chunk = start(arguments.folder, config, arguments.device)
    seconds = go_on(run, twins)
    tokens_a_step = config["batch"] * config["context"]
    stop = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.append(True))
    begin = time.monotonic() - seconds  # as if the run had never been interrupted
    saved = logged = seconds
    logged_at = twins.at
    while True:
        seconds = time.monotonic() - begin
        progress = min(1.0, max(seconds / 60 / arguments.minutes, twins.at * tokens_a_step / arguments.tokens))
        for share in CHECKPOINTS:
            if share <= progress:
                checkpoint(arguments.folder, twins, share)
        if progress == 1 or stop or seconds - saved > SAVE_EVERY:
            save(run, twins, seconds)
            saved = seconds
        if progress == 1 or stop:
            break
        twins.take(chunk, rate_at(config, progress))
        if twins.device == "cuda":
            torch.cuda.synchronize()
        if time.monotonic() - begin - logged > LOG_EVERY:
            seconds, count = time.monotonic() - begin, twins.at - logged_at
            losses = [total / count for total in twins.read_sums()]
            if not all(math.isfinite(loss) for loss in losses):
                raise SystemExit(f"step {twins.at}: a loss is not a number; the state of the last save stays")
            line = {"step": twins.at, "seconds": round(seconds, 1), "tokens": twins.at * tokens_a_step, "progress": round(progress, 4)}
            line |= {"rate": round(twins.rate.item(), 6), "loss": {name: round(loss, 4) for name, loss in zip(NAMES, losses)}}
            note(run, line | {"tokens_per_second": round(count * tokens_a_step / (seconds - logged))})
            logged, logged_at = seconds, twins.at
    if progress == 1:
        settings = {"config": config, "steps": twins.at, "tokens": twins.at * tokens_a_step, "seconds": round(seconds, 1)}
        note(run, {"ended": settings | {"on_training_text": firing(twins)}})


def attempt(arguments, configs):
    """Short runs on equal seconds each; prints what they reached."""
    prepared = (arguments.folder / "lock").open("w")
    fcntl.flock(prepared, fcntl.LOCK_SH)
    for config in configs:
        prepare(arguments.folder, config)
    twins = None
    for config in configs:
        fixed = {name: value for name, value in config.items() if name != "rate"}
        if twins is None or any(twins.config[name] != value for name, value in fixed.items()):
            twins, chunk = start(arguments.folder, config, arguments.device)
        else:
            twins.config = config
            twins.reset()
        fcntl.flock(prepared, fcntl.LOCK_EX)  # waits until every attempt that began beside this one is prepared, and goes alone
        begin, progress = time.monotonic(), 0.0
        while (progress := (time.monotonic() - begin) / arguments.seconds) < 1:
            twins.take(chunk, rate_at(config, progress))
            if twins.device == "cuda":
                torch.cuda.synchronize()
        losses = held_out(twins, None if twins.device == "cuda" else SAMPLE)
        shown = {name: config[name] for name in ("vocabulary", "hidden", "ffn", "layers", "batch", "rate")}
        shown |= {"steps": twins.at, "tokens": twins.at * config["batch"] * config["context"]}
        shown |= {"steps_per_second": round(twins.at / arguments.seconds, 1)}
        shown |= {name: {key: loss[key] for key in ("all", "per_byte")} for name, loss in losses.items()}
        print(json.dumps(shown | firing(twins, 2048 if twins.device == "cuda" else 64)), flush=True)


def configurations(settings, path):
    """The recipe with every combination of the values given: name=value[,value...]."""
    recipe, choices = json.loads(path.read_text()), []
    for setting in settings:
        name, _, values = setting.partition("=")
        if name not in recipe:
            raise SystemExit(f"{setting}: the recipe's names are {', '.join(recipe)}")
        choices.append([(name, type(recipe[name])(float(value))) for value in values.split(",")])
    return [recipe | dict(choice) for choice in itertools.product(*choices)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("prepare", "train", "try", "evaluate", "check"))
    parser.add_argument("folder", type=Path, help="FOLDER, or MODEL")
    parser.add_argument("settings", nargs="*", help="name=value of the recipe, or TEXT")
    parser.add_argument("--recipe", type=Path, default=HERE / "recipe.json")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument("--minutes", type=float, default=6, help="of `train`: length of the run (6)")
    parser.add_argument("--tokens", type=float, default=math.inf, help="of `train`: ends after so many tokens, if that is sooner")
    parser.add_argument("--seconds", type=float, default=6, help="of `try`: length of each run (6)")
    arguments = parser.parse_intermixed_args()
    if arguments.command in ("evaluate", "check"):
        (text,) = arguments.settings
        {"evaluate": evaluate, "check": check}[arguments.command](arguments.folder, text)
        return
    configs = configurations(arguments.settings, arguments.recipe)
    if arguments.command == "prepare":
        for config in configs:
            prepare(arguments.folder, config)
    else:
        {"train": train, "try": attempt}[arguments.command](arguments, configs)


if __name__ == "__main__":
    main()
