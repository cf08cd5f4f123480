#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The long run: a small OPT model and its twin without positions, trained for days in the background.

    long_run.py prepare FOLDER                collect and encode the text (minutes, once)
    long_run.py train FOLDER                  go on with the run until it has ended, or is stopped
    long_run.py train FOLDER --minutes 30     the same for 30 minutes
    long_run.py train FOLDER --minutes 30 --fit --device cuda --config long_run_gpu.json
                                              a run of its own that is planned to end after these 30 minutes
    long_run.py snapshot FOLDER               write the state into state/ beside this file, small enough to commit
    long_run.py status FOLDER                 how far the run is
    long_run.py try FOLDER --minutes 1.5 rate=0.004 batch=8
                                              a short run of the model alone: held-out loss and speed

FOLDER is outside of the repository; it holds corpus/ (text), state/ (the run) and, by continue.sh, venv/, log and pid.
The recipe is long_run.json. Both models take the same steps on the same draws: a step of one, then the same of the other.
A draw depends on the seed and the step's number alone, so that the place in the data is the step's number.

The state is written every few minutes, whole or not at all. `train` goes on from FOLDER/state or from what was committed in
state/ beside this file, whichever is further. Checkpoints at 1, 2, 5, 10, 20, 50 and 100 % of the run lie in
state/checkpoints/. Held-out loss is logged; nothing is decided by it, nor by what neurons do. No penalty for firing, no dropout.

Needs torch (1.13 does), numpy, tokenizers, safetensors, and on the first start what collect_text.py needs.
"""

import argparse
import fcntl
import hashlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy
import torch
from opt import Decoder, save_model
from safetensors import safe_open
from safetensors.torch import save_file
from train import BOS, cut, documents, encode, load_tokenizer, train_tokenizer

HERE = Path(__file__).resolve().parent
COMMITTED = HERE / "state"
CHECKPOINTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # of the run
TWINS = ("model", "no_positions")
SAVE_EVERY, EVALUATE_EVERY = 4 * 60, 40 * 60  # seconds
HELD_OUT_SEQUENCES = 48  # of each domain, for the log
CHUNK = 512  # rows of logits at a time on a CPU: stays in its caches


# ---------------------------------------------------------------- text


class Text:
    """Encoded training text: a domain is one row of tokens with the places at which a crop may begin."""

    def __init__(self, folder, context):
        stored = numpy.load(folder / "text.npz")
        self.length = context  # tokens of a crop; </s> comes in front
        self.domains, shares = [], []
        for name in sorted({key.split("/")[0] for key in stored.files}):
            tokens, sizes = stored[f"{name}/tokens"], stored[f"{name}/sizes"].astype(numpy.int64)
            begins, usable = numpy.cumsum(sizes) - sizes, numpy.maximum(sizes - self.length + 1, 0)
            self.domains.append((tokens, begins, numpy.concatenate([[0], numpy.cumsum(usable)])))
            shares.append(math.sqrt(len(tokens)))
        self.shares = numpy.array(shares) / sum(shares)
        self.tokens = sum(len(tokens) for tokens, _, _ in self.domains)

    def draw(self, seed, step, count):
        """The sequences of a step, [count, context + 1]; a domain's chance goes with the square root of its size."""
        random = numpy.random.default_rng([seed, step])
        rows = numpy.full((count, self.length + 1), BOS, numpy.int64)
        for row, domain in zip(rows, random.choice(len(self.domains), count, p=self.shares)):
            tokens, begins, starts = self.domains[domain]
            at = random.integers(starts[-1])
            document = numpy.searchsorted(starts, at, side="right") - 1
            begin = begins[document] + at - starts[document]
            row[1:] = tokens[begin : begin + self.length]
        return torch.from_numpy(rows)


def prepare(folder, vocabulary):
    """Collect and encode the text unless FOLDER has it. The tokenizer is the committed one, if there is one."""
    corpus, state = folder / "corpus", folder / "state"
    state.mkdir(parents=True, exist_ok=True)
    if (state / "text.npz").exists():
        return
    if not (corpus / "sources.json").exists():
        held_out = corpus / "held_out"
        held_out.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, HERE / "collect_text.py", corpus, held_out, "--more"], check=True)
    texts = documents(corpus / "train")
    for name in ("vocab.json", "merges.txt"):
        if (COMMITTED / name).exists() and not (state / name).exists():
            (state / name).write_bytes((COMMITTED / name).read_bytes())
    if not (state / "merges.txt").exists():
        train_tokenizer(texts, vocabulary, state)
    tokenizer, arrays = load_tokenizer(state), {}
    for name, batch in encode(texts, tokenizer).items():
        arrays[f"{name}/tokens"] = numpy.concatenate(batch).astype(numpy.uint16)
        arrays[f"{name}/sizes"] = numpy.array([len(document) for document in batch])
    held_out = {}
    for name, batch in encode(documents(corpus / "held_out"), tokenizer).items():
        full = [piece for piece, is_full in cut(batch, 257) if is_full]
        picked = numpy.random.default_rng(0).permutation(len(full))[:HELD_OUT_SEQUENCES]
        held_out[name] = torch.stack([full[at] for at in sorted(picked)]).to(torch.int32)
    save_file(held_out, state / "held_out.safetensors")
    numpy.savez(state / "text.new.npz", **arrays)
    os.replace(state / "text.new.npz", state / "text.npz")


def fingerprint(text):
    """A hash of the encoded training text, to tell when a run goes on with another one."""
    digest = hashlib.sha256()
    for tokens, begins, _ in text.domains:
        digest.update(tokens.tobytes())
        digest.update(begins.tobytes())
    return digest.hexdigest()[:16]


# ---------------------------------------------------------------- a model that learns


class HeadLoss(torch.autograd.Function):
    """Mean cross entropy of a tied head. Both gradients are made on the way, so that all logits never lie in memory at once."""

    @staticmethod
    def forward(context, hidden, embedding, targets, chunk):
        loss, to_hidden, to_embedding = hidden.new_zeros(()), torch.empty_like(hidden), torch.zeros_like(embedding)
        for at in range(0, len(hidden), chunk):
            rows, goal = hidden[at : at + chunk], targets[at : at + chunk, None]
            logits = rows @ embedding.T
            logits -= logits.amax(1, keepdim=True)
            picked = logits.gather(1, goal)
            total = logits.exp_().sum(1, keepdim=True)
            loss += (total.log() - picked).sum()
            logits /= total
            logits.scatter_add_(1, goal, torch.full_like(picked, -1.0))
            torch.mm(logits, embedding, out=to_hidden[at : at + chunk])
            to_embedding.addmm_(logits.T, rows)
        context.save_for_backward(to_hidden, to_embedding)
        context.count = len(hidden)
        return loss / len(hidden)

    @staticmethod
    def backward(context, grad):
        to_hidden, to_embedding = context.saved_tensors
        return to_hidden * (grad / context.count), to_embedding * (grad / context.count), None, None


class Learner:
    """A decoder whose parameters, gradients and moments are one row of numbers each, and AdamW on them."""

    def __init__(self, config, positions, device):
        torch.manual_seed(config["seed"])
        names = ("vocabulary", "hidden", "ffn", "layers", "heads", "context")
        self.model = Decoder({name: config[name] for name in names} | {"positions": positions}).to(device)
        self.config, self.device = config, device
        trained = [(name, p) for name, p in self.model.named_parameters() if p.requires_grad]
        size = sum(p.numel() for _, p in trained)
        self.weights, self.grads, self.mean, self.square, self.decays = (torch.zeros(size, device=device) for _ in range(5))
        at = 0
        for name, p in trained:
            place = slice(at, at + p.numel())
            self.weights[place] = p.detach().flatten()
            p.data, p.grad = self.weights[place].view_as(p), self.grads[place].view_as(p)
            if p.dim() == 2 and not name.startswith("embed"):  # matrices of layers decay; norms, biases and embeddings do not
                self.decays[place] = config["weight_decay"]
            at += p.numel()

    def loss(self, sequences):
        """Mean cross entropy in nats of every token given those before it."""
        on_gpu = self.device != "cpu"
        with torch.autocast("cuda" if on_gpu else "cpu", torch.bfloat16, enabled=on_gpu):
            hidden = self.model.hidden(sequences[:, :-1])
        targets = sequences[:, 1:].flatten()
        chunk = 16 * CHUNK if on_gpu else CHUNK
        return HeadLoss.apply(hidden.flatten(0, 1).float(), self.model.embed_tokens.weight, targets, chunk)

    @torch.no_grad()
    def update(self, rate, step):
        """AdamW, after clipping the gradient's norm."""
        c = self.config
        self.grads *= torch.clamp(c["clip"] / (self.grads.norm() + 1e-6), max=1.0)
        self.mean.lerp_(self.grads, 1 - c["beta1"])
        self.square.mul_(c["beta2"]).addcmul_(self.grads, self.grads, value=1 - c["beta2"])
        scale = (self.square / (1 - c["beta2"] ** (step + 1))).sqrt_().add_(1e-8)
        self.weights.addcmul_(self.weights, self.decays, value=-rate)
        self.weights.addcdiv_(self.mean, scale, value=-rate / (1 - c["beta1"] ** (step + 1)))

    def learn(self, sequences, rate, step):
        """One step; returns the loss before it."""
        self.grads.zero_()
        loss = self.loss(sequences)
        loss.backward()
        self.update(rate, step)
        return loss.detach()

    @torch.no_grad()
    def held_out(self, folder):
        """Loss on a sample of held-out sequences, by domain."""
        result = {}
        with safe_open(folder / "state" / "held_out.safetensors", "pt") as stored:
            for name in sorted(stored.keys()):
                sequences = stored.get_tensor(name).long()[:, : self.config["context"] + 1].to(self.device)
                losses = [self.loss(batch).item() for batch in sequences.split(8)]
                result[name] = round(sum(losses) / len(losses), 4)
        return {"all": round(sum(result.values()) / len(result), 4)} | result


def rate_at(config, step, progress):
    """The learning rate: rises for `warmup` steps, stays, and falls to zero over the last share `decay` of the run."""
    return config["rate"] * min(1.0, (step + 1) / config["warmup"]) * min(1.0, (1 - progress) / config["decay"])


# ---------------------------------------------------------------- the state on disk


def write_whole(tensors, path, metadata):
    """Write a file whole or not at all."""
    new = path.with_suffix(".new")
    save_file(tensors, new, metadata)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(new, path)


def to_byte(x, signed):
    """A moment as one byte: its sign, if it has one, and its size in half octaves (unsigned) or octaves (signed), 0 for nothing."""
    size = torch.log2(x.abs().clamp(min=1e-38)) * (1 if signed else 2)
    code = (size + (100 if signed else 220)).round().clamp(0, 127 if signed else 255)
    return torch.where(x < 0, code + 128, code).to(torch.uint8) if signed else code.to(torch.uint8)


def from_byte(code, signed):
    """The number that `to_byte` wrote, nearly."""
    code = code.float()
    negative = code >= 128 if signed else torch.zeros_like(code, dtype=torch.bool)
    size = torch.where(negative, code - 128, code)
    x = torch.exp2((size - (100 if signed else 220)) / (1 if signed else 2))
    return torch.where(size == 0, torch.zeros_like(x), torch.where(negative, -x, x))


def read_metadata(path):
    """What stands beside the tensors of a state, or None where there is no such file."""
    if not path.exists():
        return None
    with safe_open(path, "pt") as stored:
        return stored.metadata()


def load_newest(folder, twins):
    """Put the furthest state into the models; returns the step it stands at, the seconds so far and the text it was trained on."""
    paths = [folder / "state" / "run.safetensors", COMMITTED / "run.safetensors"]
    found = [(int(m["step"]), -number, path, m) for number, path in enumerate(paths) if (m := read_metadata(path))]
    if not found:
        return 0, 0.0, None
    _, _, path, metadata = max(found)
    kept = twins["model"].config
    told = {k: v for k, v in json.loads(metadata["config"]).items() if kept.get(k) != v}
    if told:
        print(f"{path.name}: the recipe was changed since: {told}", flush=True)
    with safe_open(path, "pt") as stored:
        for name, learner in twins.items():
            learner.weights.copy_(stored.get_tensor(f"{name}.weights"))
            for moment, signed in (("mean", True), ("square", False)):
                value = stored.get_tensor(f"{name}.{moment}")
                getattr(learner, moment).copy_(from_byte(value, signed) if value.dtype == torch.uint8 else value)
    print(f"goes on from the {'committed' if path.parent == COMMITTED else 'local'} state, step {metadata['step']}", flush=True)
    return int(metadata["step"]), float(metadata["seconds"]), metadata["text"]


def save(folder, twins, step, seconds, text):
    """Write the state of a run."""
    tensors = {f"{name}.{part}": getattr(learner, part).cpu() for name, learner in twins.items() for part in ("weights", "mean", "square")}
    metadata = {"step": str(step), "seconds": str(round(seconds, 1)), "text": text, "config": json.dumps(twins["model"].config)}
    write_whole(tensors, folder / "state" / "run.safetensors", metadata)


def note(folder, line):
    """Append a line to the log of the run and print it."""
    print(json.dumps(line), flush=True)
    with (folder / "state" / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")


# ---------------------------------------------------------------- commands


def train(arguments):
    """Go on with the run."""
    folder, config, device = arguments.folder, arguments.config, arguments.device
    prepare(folder, config["vocabulary"])
    lock = (folder / "state" / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit("this run is already going on")
    text = Text(folder / "state", config["context"])
    mark = fingerprint(text)
    twins = {name: Learner(config, name == "model", device) for name in TWINS}
    step, seconds_before, mark_before = load_newest(folder, twins)
    if mark_before not in (None, mark):
        note(folder, {"step": step, "warning": f"goes on with another text: {mark}, before {mark_before}"})
    for name in ("log.jsonl",):  # of a run that goes on elsewhere
        if step and not (folder / "state" / name).exists() and (COMMITTED / name).exists():
            (folder / "state" / name).write_bytes((COMMITTED / name).read_bytes())
    stop = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.append(True))
    begin = saved = evaluated = logged = time.monotonic()
    logged_at, sums = step, {name: 0.0 for name in TWINS}
    while True:
        now = time.monotonic()
        minutes = (now - begin) / 60
        progress = minutes / arguments.minutes if arguments.fit else step / config["steps"]
        due = [share for share in CHECKPOINTS if progress >= share and not (folder / "state/checkpoints" / f"{share:.0%}").exists()]
        committed = COMMITTED / "checkpoints"
        for share in due:
            name = f"{share:.0%}"
            if (committed / name).exists() and step > 0 and progress > share * 1.001:
                continue  # made on another machine
            if progress > share * 1.05 and not arguments.fit:
                continue  # too late for it
            for twin, learner in twins.items():
                save_model(learner.model, folder / "state/checkpoints.new" / twin)
            (folder / "state/checkpoints").mkdir(exist_ok=True)
            losses = {twin: learner.held_out(folder) for twin, learner in twins.items()}
            os.replace(folder / "state/checkpoints.new", folder / "state/checkpoints" / name)
            note(folder, {"step": step, "checkpoint": name, "held_out": losses})
        ended = progress >= 1 or stop or minutes >= arguments.minutes
        if ended or now - saved > SAVE_EVERY:
            save(folder, twins, step, seconds_before + now - begin, mark)
            saved = time.monotonic()
        if ended:
            print(f"stops at step {step} of {config['steps']}", flush=True)
            break
        if now - evaluated > EVALUATE_EVERY:
            note(folder, {"step": step, "held_out": {twin: learner.held_out(folder)["all"] for twin, learner in twins.items()}})
            evaluated = time.monotonic()
        rate = rate_at(config, step, progress)
        sequences = text.draw(config["seed"], step, config["batch"]).to(device)
        for name, learner in twins.items():
            sums[name] += learner.learn(sequences, rate, step)
        step += 1
        if step % arguments.log_every == 0:
            now, count = time.monotonic(), step - logged_at
            losses = {name: round(float(total) / count, 4) for name, total in sums.items()}
            if not all(math.isfinite(loss) for loss in losses.values()):
                raise SystemExit(f"step {step}: a loss is not a number; the state of the last save stays")
            speed = round(2 * count * config["batch"] * config["context"] / (now - logged))
            note(folder, {"step": step, "hours": round((seconds_before + now - begin) / 3600, 2), "rate": round(rate, 6),
                          "loss": losses, "tokens_per_second": speed})  # fmt: skip
            logged_at, logged, sums = step, now, {name: 0.0 for name in TWINS}


def snapshot(arguments):
    """The state as a small folder: weights in float16, moments in a byte each; and the checkpoints and the log."""
    state = arguments.folder / "state"
    metadata = read_metadata(state / "run.safetensors")
    if not metadata:
        raise SystemExit("no state yet")
    small = {}
    with safe_open(state / "run.safetensors", "pt") as stored:
        for name in stored.keys():
            value = stored.get_tensor(name)
            part = name.split(".")[-1]
            small[name] = value.half() if part == "weights" else to_byte(value, part == "mean")
    COMMITTED.mkdir(exist_ok=True)
    write_whole(small, COMMITTED / "run.safetensors", metadata)
    for name in ("vocab.json", "merges.txt", "log.jsonl"):
        (COMMITTED / name).write_bytes((state / name).read_bytes())
    (COMMITTED / "sources.json").write_bytes((arguments.folder / "corpus" / "sources.json").read_bytes())
    for path in sorted((state / "checkpoints").rglob("*")) if (state / "checkpoints").exists() else []:
        copy = COMMITTED / path.relative_to(state)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    size = sum(path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file())
    print(f"step {metadata['step']}: {size / 1e6:.1f} MB in {COMMITTED.name}/, of them {(COMMITTED / 'run.safetensors').stat().st_size / 1e6:.1f} MB new with each snapshot")


def status(arguments):
    """How far the run is."""
    for name, path in (("local", arguments.folder / "state" / "run.safetensors"), ("committed", COMMITTED / "run.safetensors")):
        metadata = read_metadata(path)
        if metadata:
            share = int(metadata["step"]) / arguments.config["steps"]
            print(f"{name}: step {metadata['step']} of {arguments.config['steps']} ({share:.2%}), {float(metadata['seconds']) / 3600:.2f} hours")
        else:
            print(f"{name}: nothing yet")


def attempt(arguments):
    """A short run of the model alone with another recipe; prints its held-out loss and its speed."""
    folder, config = arguments.folder, dict(arguments.config)
    for setting in arguments.settings:
        name, value = setting.split("=")
        config[name] = type(config[name])(float(value))
    prepare(folder, config["vocabulary"])
    text, learner = Text(folder / "state", config["context"]), Learner(config, True, arguments.device)
    config["warmup"], step, begin = min(config["warmup"], 300), 0, time.process_time()
    while (progress := (time.process_time() - begin) / 60 / arguments.minutes) < 1:
        learner.learn(text.draw(config["seed"] + 1, step, config["batch"]).to(arguments.device), rate_at(config, step, progress), step)
        step += 1
    tokens = step * config["batch"] * config["context"]
    print(json.dumps({"settings": arguments.settings, "held_out": learner.held_out(folder)["all"], "steps": step, "tokens": tokens,
                      "tokens_per_second": round(tokens / arguments.minutes / 60), "parameters": learner.weights.numel()}), flush=True)  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("prepare", "train", "snapshot", "status", "try"))
    parser.add_argument("folder", type=Path, help="outside of the repository")
    parser.add_argument("settings", nargs="*", help="for `try`: name=value")
    parser.add_argument("--config", type=Path, default=HERE / "long_run.json", help="the recipe")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so many minutes")
    parser.add_argument("--fit", action="store_true", help="plan the run to end with these minutes")
    parser.add_argument("--log-every", type=int, default=2000, help="steps between log lines")
    arguments = parser.parse_intermixed_args()
    arguments.config = json.loads(arguments.config.read_text())
    if arguments.fit and not math.isfinite(arguments.minutes):
        parser.error("--fit needs --minutes")
    if arguments.device == "cpu":
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        numpy.finfo(numpy.float32), numpy.finfo(numpy.float64)  # numpy measures these once, and warns where it finds no denormal numbers
        torch.set_flush_denormal(True)
    if arguments.command == "prepare":
        prepare(arguments.folder, arguments.config["vocabulary"])
    else:
        {"train": train, "snapshot": snapshot, "status": status, "try": attempt}[arguments.command](arguments)


if __name__ == "__main__":
    main()
