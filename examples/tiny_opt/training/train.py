#!/usr/bin/env python3
"""Train tiny_opt, the small OPT model which census bundles.

    train.py train TRAIN RUN --minutes 120 --decay 0.2     train, or go on with a run
    train.py export RUN MODEL                              the newest weights of a run as a Hugging Face folder
    train.py evaluate MODEL TEXT [--train TRAIN]           loss per domain and firing share per layer, as JSON
    train.py check MODEL TEXT                              compare with Hugging Face's OPTForCausalLM and GPT2Tokenizer
    train.py finish MODEL TEXT RUN --train TRAIN           evaluate, and write RUN/final.json
    train.py describe MODEL RUN                            fill in the numbers in MODEL/README.md from RUN/final.json

TRAIN and TEXT are folders <domain>/*.txt as collect_text.py writes them: a file is a document. RUN is
a scratch folder: tokenizer, encoded text, checkpoints, log.jsonl, and RUN/exports/<tokens / 2^20>M/.

The learning rate rises during --warmup steps, then stays constant; over the last share --decay of the
budget (--tokens of the whole run, or --minutes from now, whichever ends first) it falls linearly to
zero. A run which is killed goes on from its last checkpoint when the same command is given again.
RUN/constant.pt stays as it was before the decay, so that a later `train` with a larger budget goes on
from there at the full rate: the model gets better with every night it is given. When a budget is used
up, RUN/final.pt holds the weights.

A sequence is </s> (id 2, OPT's first token) and context - 1 tokens of a document, cut at random. Every
domain is drawn equally often. No sparsity penalty, no dropout.

Needs torch, tokenizers, safetensors and numpy; `check` also transformers. Two CPU cores with bfloat16
instructions do about 10,000 tokens a second, a GPU far more.
"""

import argparse
import json
import math
import re
import time
from pathlib import Path

import numpy
import torch
from opt import Decoder, load_model, save_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch.nn import functional

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]  # ids 0 to 3, as in OPT
BOS = 2
TOKENIZER_BYTES = 2_500_000  # of each domain, read to train the tokenizer
MILLION = 2**20


# ---------------------------------------------------------------- text


def documents(folder):
    """The documents of each domain: {domain: [text]}."""
    return {
        domain.name: [path.read_text(encoding="utf-8") for path in sorted(domain.glob("*.txt"))]
        for domain in sorted(Path(folder).iterdir())
        if domain.is_dir()
    }


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
    return {domain: [numpy.array(e.ids, numpy.int64) for e in tokenizer.encode_batch(batch)] for domain, batch in texts.items()}


class Crops:
    """Random crops of documents, every crop of a domain equally likely, every domain too."""

    def __init__(self, encoded, context):
        self.length = context - 1
        self.domains = {}
        for domain, batch in encoded.items():
            batch = [document for document in batch if len(document) >= self.length]
            starts = numpy.cumsum([0] + [len(document) - self.length + 1 for document in batch])
            self.domains[domain] = (batch, starts)

    def draw(self, random, count, domain=None):
        """`count` sequences [count, context], </s> first."""
        names = list(self.domains)
        rows = numpy.full((count, self.length + 1), BOS, numpy.int64)
        for row in rows:
            batch, starts = self.domains[domain or names[random.integers(len(names))]]
            at = random.integers(starts[-1])
            document = numpy.searchsorted(starts, at, side="right") - 1
            row[1:] = batch[document][at - starts[document] :][: self.length]
        return torch.from_numpy(rows)


def loss_of(model, sequences):
    """Mean cross entropy in nats of every token given those before it."""
    logits = model(sequences[:, :-1])
    return functional.cross_entropy(logits.flatten(0, 1).float(), sequences[:, 1:].flatten())


# ---------------------------------------------------------------- training


def prepare(arguments):
    """Tokenizer and encoded training text of a run, made on its first start and kept."""
    run, cache = arguments.run, arguments.run / "encoded.pt"
    run.mkdir(parents=True, exist_ok=True)
    if not cache.exists():
        texts = documents(arguments.train)
        if not (run / "merges.txt").exists():
            train_tokenizer(texts, arguments.vocabulary, run)
        torch.save(encode(texts, load_tokenizer(run)), cache)
    return torch.load(cache, weights_only=False)


def save_state(state, path):
    """Write a checkpoint whole or not at all."""
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def export(model, run, folder):
    """Write a model and its tokenizer as a Hugging Face folder."""
    save_model(model, folder)
    for name in ("vocab.json", "merges.txt"):
        (Path(folder) / name).write_bytes((run / name).read_bytes())


def optimizer_of(model, rate):
    """AdamW; matrices of layers decay, norms, biases and embeddings do not."""
    parameters = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    decays = lambda name, p: p.dim() == 2 and not name.startswith("embed")
    groups = [
        {"params": [p for name, p in parameters if decays(name, p)], "weight_decay": 0.1},
        {"params": [p for name, p in parameters if not decays(name, p)], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.95), fused=True)


def train(arguments):
    """Train until the budget is used up, going on from the run's newest checkpoint."""
    run = arguments.run
    device = "cuda" if torch.cuda.is_available() else "cpu"
    crops = Crops(prepare(arguments), arguments.context)
    torch.manual_seed(arguments.seed)
    names = ("vocabulary", "hidden", "ffn", "layers", "heads", "context", "positions")
    model = Decoder({name: getattr(arguments, name) for name in names}).to(device)
    optimizer = optimizer_of(model, arguments.rate)
    step, minutes = 0, 0.0
    for name in ("decaying.pt", "constant.pt"):
        if (run / name).exists():
            state = torch.load(run / name, map_location=device, weights_only=False)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
            step, minutes = state["step"], state["minutes"]
            print(f"going on from {name}, step {step}", flush=True)
            break
    tokens_a_step = arguments.batch * arguments.context
    begin = saved = logged = time.monotonic()
    losses, minutes_before = [], minutes
    while True:
        elapsed = (time.monotonic() - begin) / 60
        minutes = minutes_before + elapsed
        progress = max(step * tokens_a_step / arguments.tokens, elapsed / arguments.minutes)
        fall = min(1.0, (1 - progress) / arguments.decay) if arguments.decay else 1.0
        finished = progress >= 1
        if finished or time.monotonic() - saved > 60 * arguments.save_every:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "minutes": minutes}
            save_state(state, run / ("constant.pt" if fall == 1 else "decaying.pt"))
            saved = time.monotonic()
        if finished:
            break
        rate = arguments.rate * fall * min(1.0, (step + 1) / arguments.warmup)
        for group in optimizer.param_groups:
            group["lr"] = rate
        sequences = crops.draw(numpy.random.default_rng([arguments.seed, step]), arguments.batch).to(device)
        with torch.autocast(device, torch.bfloat16, enabled=not arguments.float32):
            loss = loss_of(model, sequences)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise SystemExit(f"step {step}: the loss is {losses[-1]}")
        step += 1
        tokens = step * tokens_a_step
        if step % arguments.log_every == 0:
            now = time.monotonic()
            line = {
                "step": step, "tokens": tokens, "minutes": round(minutes, 2), "rate": round(rate, 6),
                "loss": round(sum(losses) / len(losses), 4),
                "tokens_per_second": round(len(losses) * tokens_a_step / (now - logged)),
            }  # fmt: skip
            losses, logged = [], now
            print(json.dumps(line), flush=True)
            with (run / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
        millions = tokens // MILLION
        if millions > (tokens - tokens_a_step) // MILLION and millions & (millions - 1) == 0:
            export(model, run, run / "exports" / f"{millions:04}M")
    save_state({"model": model.state_dict(), "step": step, "minutes": minutes, "tokens": step * tokens_a_step}, run / "final.pt")
    (run / "decaying.pt").unlink(missing_ok=True)
    settings = {name: value for name, value in vars(arguments).items() if isinstance(value, (int, float, bool))}
    (run / "settings.json").write_text(json.dumps(settings, indent=1) + "\n")


def newest_state(run):
    """The newest checkpoint of a run."""
    paths = [run / name for name in ("final.pt", "decaying.pt", "constant.pt") if (run / name).exists()]
    if not paths:
        raise SystemExit(f"{run}: no checkpoint yet")
    return torch.load(max(paths, key=lambda path: path.stat().st_mtime), map_location="cpu", weights_only=False)


def export_newest(arguments):
    """Write the newest weights of a run as a Hugging Face folder."""
    state = newest_state(arguments.run)
    weights = state["model"]
    vocabulary, hidden = weights["embed_tokens.weight"].shape
    model = Decoder({
        "vocabulary": vocabulary, "hidden": hidden, "ffn": weights["layers.0.fc1.bias"].shape[0],
        "layers": 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers.")),
        "heads": arguments.heads, "context": weights["embed_positions.weight"].shape[0] - 2, "positions": True,
    })  # fmt: skip
    model.load_state_dict(weights)
    export(model, arguments.run, arguments.model)
    print(f"{arguments.model}: step {state['step']}")


# ---------------------------------------------------------------- measuring


def cut(batch, context):
    """Documents as consecutive sequences of </s> and at most context - 1 tokens; yields (sequence, is full)."""
    for document in batch:
        for at in range(0, len(document), context - 1):
            piece = document[at : at + context - 1]
            yield torch.tensor([BOS, *piece.tolist()]), len(piece) == context - 1


@torch.no_grad()
def evaluate(arguments):
    """Loss per domain on every held-out token, on a sample of training crops, and how often each layer's neurons fire."""
    model, tokenizer = load_model(arguments.model), load_tokenizer(arguments.model)
    context, ffn = model.settings["context"], model.settings["ffn"]
    firings, rows, result = torch.zeros(model.settings["layers"], ffn, dtype=torch.int64), 0, {"held_out": {}}
    for domain, batch in encode(documents(arguments.text), tokenizer).items():
        total, count = 0.0, 0
        pieces = list(cut(batch, context))
        full = [sequence for sequence, is_full in pieces if is_full]
        batches = [torch.stack(full[at : at + 16]) for at in range(0, len(full), 16)]
        for sequences in batches + [sequence[None] for sequence, is_full in pieces if not is_full]:
            neurons = []
            logits = model(sequences, neurons)
            total += functional.cross_entropy(logits[:, :-1].flatten(0, 1), sequences[:, 1:].flatten(), reduction="sum").item()
            count += sequences[:, 1:].numel()
            rows += sequences.numel()
            firings += torch.stack([(layer > 0).flatten(0, 1).sum(0) for layer in neurons])
        result["held_out"][domain] = {"tokens": count, "loss": round(total / count, 4)}
    if arguments.train:
        crops, random = Crops(encode(documents(arguments.train), tokenizer), context), numpy.random.default_rng(1)
        result["train"] = {
            domain: {"loss": round(sum(loss_of(model, crops.draw(random, 16, domain)).item() for _ in range(12)) / 12, 4)}
            for domain in crops.domains
        }
    result["layers"] = [
        {"firing_share": round(layer.sum().item() / rows / ffn, 4), "never_fired": int((layer == 0).sum())} for layer in firings
    ]
    print(json.dumps(result, indent=1))
    return result


@torch.no_grad()
def check(arguments):
    """Compare logits and token ids with Hugging Face transformers; ends with an error where they differ."""
    from transformers import GPT2Tokenizer, OPTForCausalLM

    model, tokenizer = load_model(arguments.model), load_tokenizer(arguments.model)
    reference = OPTForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).eval()
    special = {"bos_token": "</s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    reference_tokenizer = GPT2Tokenizer.from_pretrained(arguments.model, **special)
    for domain, texts in documents(arguments.text).items():
        ids = tokenizer.encode(texts[0]).ids
        same_ids = ids == reference_tokenizer.encode(texts[0], add_special_tokens=False)
        same_text = tokenizer.decode(ids, skip_special_tokens=False) == texts[0]
        sequences = torch.stack([sequence for sequence, full in cut([numpy.array(ids)], model.settings["context"]) if full][:4])
        logits, expected = model(sequences), reference(sequences).logits
        difference = (logits - expected).abs().max().item() / expected.abs().max().item()
        print(f"{domain}: ids equal {same_ids}, decoded equal {same_text}, logits differ by at most {difference:.1e} of the largest")
        if not same_ids or not same_text or difference > 1e-4:
            raise SystemExit(f"{arguments.model}: not what Hugging Face transformers computes")


def finish(arguments):
    """Evaluate an exported model and write RUN/final.json with its losses and how it was trained."""
    result = evaluate(arguments)
    state = torch.load(arguments.run / "final.pt", map_location="cpu", weights_only=False)
    result |= {
        "tokens": state["tokens"], "steps": state["step"], "minutes": round(state["minutes"], 1),
        "settings": json.loads((arguments.run / "settings.json").read_text()),
    }  # fmt: skip
    (arguments.run / "final.json").write_text(json.dumps(result, indent=1) + "\n")


def describe(arguments):
    """Put the run's numbers between the marks <!-- numbers --> and <!-- end --> of the model's README.md."""
    final = json.loads((arguments.run / "final.json").read_text())
    readme = arguments.model / "README.md"
    settings = final["settings"]
    lines = [
        f"Trained on {final['tokens'] / 1e6:.1f} million tokens ({final['steps']} steps of {settings['batch']} sequences of "
        f"{settings['context']} tokens) in {final['minutes']:.0f} minutes, learning rate {settings['rate']} decayed to zero over the last part.",
        "",
        "| domain | held-out tokens | held-out loss | training loss |",
        "|---|---|---|---|",
    ]
    for domain, held_out in final["held_out"].items():
        lines.append(f"| {domain} | {held_out['tokens']:,} | {held_out['loss']:.3f} | {final['train'][domain]['loss']:.3f} |")
    lines += [
        "",
        "Losses are nats per token; that of training is measured on 192 random sequences a domain. On the held-out text:",
        "",
        "| layer | neurons firing at a position, on average | neurons that never fire |",
        "|---|---|---|",
    ]
    for number, layer in enumerate(final["layers"]):
        lines.append(f"| {number} | {100 * layer['firing_share']:.1f} % | {layer['never_fired']} of {settings['ffn']} |")
    numbers = "<!-- numbers -->\n" + "\n".join(lines) + "\n<!-- end -->"
    readme.write_text(re.sub(r"<!-- numbers -->.*?<!-- end -->", lambda _: numbers, readme.read_text(), flags=re.S))


# ---------------------------------------------------------------- command line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name, function, *folders):
        made = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        made.set_defaults(function=function)
        for folder in folders:
            made.add_argument(folder, type=Path, metavar=folder.upper())
        return made

    option = command("train", train, "train", "run").add_argument
    option("--tokens", type=float, default=math.inf, help="budget: tokens of the whole run")
    option("--minutes", type=float, default=math.inf, help="budget: minutes from now")
    option("--decay", type=float, default=0.2, help="last share of the budget over which the rate falls to zero (0.2; 0 for none)")
    option("--rate", type=float, default=2e-3, help="learning rate (0.002)")
    option("--warmup", type=int, default=300, help="steps of rising rate (300)")
    option("--batch", type=int, default=32, help="sequences a step (32)")
    option("--hidden", type=int, default=128, help="model width (128)")
    option("--ffn", type=int, default=2048, help="neurons a layer (2048)")
    option("--layers", type=int, default=4, help="layers (4)")
    option("--heads", type=int, default=4, help="attention heads (4)")
    option("--context", type=int, default=256, help="sequence length, </s> included (256)")
    option("--vocabulary", type=int, default=2048, help="tokens of the tokenizer (2048)")
    option("--no-positions", dest="positions", action="store_false", help="train the twin without position embeddings")
    option("--float32", action="store_true", help="no bfloat16 products")
    option("--seed", type=int, default=0, help="seed of weights and crops (0)")
    option("--save-every", type=float, default=3, help="minutes between checkpoints (3)")
    option("--log-every", type=int, default=50, help="steps between log lines (50)")

    command("export", export_newest, "run", "model").add_argument("--heads", type=int, default=4, help="attention heads (4)")
    command("evaluate", evaluate, "model", "text").add_argument("--train", type=Path, help="training text, to measure its loss too")
    command("finish", finish, "model", "text", "run").add_argument("--train", type=Path, required=True, help="training text")
    command("check", check, "model", "text")
    command("describe", describe, "model", "run")
    arguments = parser.parse_args()
    arguments.function(arguments)


if __name__ == "__main__":
    main()
