# SPDX-License-Identifier: MIT
"""An OPT model and its twin without positions, trained together on the same sequences, as fast as a GPU allows.

Each parameter of the two is one tensor with the twin in front ([2, rows, columns]), so that a step of both costs the launches
of one: matrix products are batched over the twins. All parameters are views of one row of numbers a twin; so are gradients and
moments, and AdamW is a few operations on these rows. Weights are float32; products are of bfloat16 copies on a GPU.
A step touches nothing but the device, which also counts the steps: so it can be captured once as a CUDA graph and replayed.
"""

import torch
from opt import POSITION_OFFSET, Decoder
from text import BLOCK
from torch.nn import functional

NAMES = ("model", "no_positions")  # the twins
SHAPE = ("vocabulary", "hidden", "ffn", "layers", "heads", "context")
STATE = ("weights", "mean", "square")  # what a stored run consists of


def parameter_groups(layers):
    """Parameters of `Decoder` in the order of a row; those in one tuple lie side by side and are used as one tensor.

    Returns those that are used in float32 and, after them, those of matrix products."""
    exact = [("embed_tokens.weight",), ("embed_positions.weight",)]
    products = []
    for layer in (f"layers.{number}." for number in range(layers)):
        for name in ("self_attn_layer_norm", "final_layer_norm"):
            exact += [(f"{layer}{name}.weight",), (f"{layer}{name}.bias",)]
        for names in (("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), ("self_attn.out_proj",), ("fc1",), ("fc2",)):
            products += [tuple(f"{layer}{name}.{part}" for name in names) for part in ("weight", "bias")]
    exact += [("final_layer_norm.weight",), ("final_layer_norm.bias",)]
    return exact, products


class Twins:
    """Both models with what training them needs. `take` makes steps; `losses` evaluates."""

    def __init__(self, config, text, device):
        self.config, self.text, self.device = config, text, device
        self.settings = [{name: config[name] for name in SHAPE} | {"positions": name == "model"} for name in NAMES]
        self.exact, self.products = parameter_groups(config["layers"])
        self.allocate()
        self.reset()
        self.forward, self.learn, self.step = self.draw_losses, self.update, self.plain_step

    def allocate(self):
        """Make the tensors that stay where they are from now on."""
        self.shapes = {group[0]: value.shape for group, value in self.joined(Decoder(self.settings[0]))}
        sizes = {name: shape.numel() for name, shape in self.shapes.items()}
        self.split, size = sum(sizes[group[0]] for group in self.exact), sum(sizes.values())  # a row: exact, then products
        row = lambda count=2: torch.zeros(count, size, device=self.device)
        self.weights, self.mean, self.square, self.decays, self.shares = row(), row(), row(), row(1), row() + 1
        self.copies = self.weights[:, self.split :].to(torch.bfloat16 if self.device == "cuda" else torch.float32, copy=True)
        self.leaves, at = {}, 0  # `shares`: of the learning rate; where it is 0 a number is not trained
        for name, shape in self.shapes.items():
            place = slice(at, at + sizes[name])
            source, begin = (self.weights, at) if at < self.split else (self.copies, at - self.split)
            self.leaves[name] = source[:, begin : begin + sizes[name]].unflatten(1, shape).requires_grad_()
            if at >= self.split and len(shape) == 2:  # matrices of layers decay; norms, biases and embeddings do not
                self.decays[:, place] = self.config["fc1_decay" if name.endswith("fc1.weight") else "weight_decay"]
            if name == "embed_tokens.weight":
                self.shares[:, place] = self.config["token_rate"]
            if name == "embed_positions.weight":
                self.shares[:, place] = self.config["position_rate"]
                self.shares[NAMES.index("no_positions"), place] = 0
            at += sizes[name]
        self.clock = torch.zeros((), dtype=torch.int64, device=self.device)  # steps taken
        self.rate = torch.zeros((), device=self.device)  # learning rate but for its rise
        self.sums = torch.zeros(2, device=self.device)  # of the losses since they were last read
        self.table = torch.zeros((BLOCK, self.config["batch"]), dtype=torch.int64, device=self.device)  # where crops begin

    def reset(self):
        """Draw new weights, the same for both twins, and begin at step 0."""
        rows = []
        for settings in self.settings:
            decoder = Decoder(settings)
            torch.manual_seed(self.config["seed"])
            decoder.draw(self.config)
            rows.append(torch.cat([value.flatten() for _, value in self.joined(decoder)]))
        nothing = torch.zeros_like(self.mean)
        self.restore({"weights": torch.stack(rows), "mean": nothing, "square": nothing}, 0)

    # ------------------------------------------------------------ rows and models

    def joined(self, decoder):
        """Each group of a decoder's parameters with their joined value. Matrices of products lie as [in, out]."""
        tensors = dict(decoder.named_parameters())
        for group in self.exact + self.products:
            values = [tensors[name].detach() for name in group]
            yield group, torch.cat([v.t() if v.dim() == 2 and group in self.products else v for v in values], -1)

    def decoder(self, twin):
        """A twin as a model of its own, on the CPU."""
        model, row = Decoder(self.settings[twin]), self.weights[twin].cpu()
        tensors, at = {}, 0
        for group in self.exact + self.products:
            shape = self.shapes[group[0]]
            joined = row[at : at + shape.numel()].view(shape)
            at += shape.numel()
            for name, value in zip(group, joined.chunk(len(group), -1)):
                tensors[name] = value.t() if value.dim() == 2 and group in self.products else value
        model.load_state_dict(tensors)
        return model

    def stored(self):
        """Weights and moments, copied; with `clock` all that a run consists of."""
        return {name: getattr(self, name).clone() for name in STATE}

    @torch.no_grad()
    def restore(self, stored, step):
        """Go back to what `stored` gave at that step."""
        for name in STATE:
            getattr(self, name).copy_(stored[name])
        self.copies.copy_(self.weights[:, self.split :])
        self.clock.fill_(step)
        self.sums.zero_()
        self.at, self.block = step, -1

    # ------------------------------------------------------------ forward

    def linear(self, x, name):
        """x W + b of both twins."""
        weight, bias = self.leaves[f"{name}.weight"], self.leaves[f"{name}.bias"]
        return torch.bmm(x.to(weight.dtype), weight) + bias[:, None]

    def norm(self, x, name):
        """Layer norm of both twins."""
        weight, bias = self.leaves[f"{name}.weight"], self.leaves[f"{name}.bias"]
        return functional.layer_norm(x, x.shape[-1:]) * weight[:, None] + bias[:, None]

    def hidden(self, tokens, neurons=None):
        """The last hidden states, normed, [2, sequences * length, hidden]; appends each layer's activations to `neurons`."""
        count, length = tokens.shape
        heads, width = self.config["heads"], self.config["hidden"]
        positions = self.leaves["embed_positions.weight"][:, None, POSITION_OFFSET : POSITION_OFFSET + length]
        x = (self.leaves["embed_tokens.weight"][:, tokens] + positions).flatten(1, 2)
        for layer in (f"layers.{number}." for number in range(self.config["layers"])):
            qkv = self.linear(self.norm(x, f"{layer}self_attn_layer_norm"), f"{layer}self_attn.q_proj")
            q, k, v = qkv.view(2 * count, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4).unbind(0)
            mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.linear(mixed.transpose(1, 2).reshape(2, count * length, width), f"{layer}self_attn.out_proj")
            activations = functional.relu(self.linear(self.norm(x, f"{layer}final_layer_norm"), f"{layer}fc1"))
            if neurons is not None:
                neurons.append(activations)
            x = x + self.linear(activations, f"{layer}fc2")
        return self.norm(x, "final_layer_norm")

    def logits(self, tokens, neurons=None):
        """Logits of both twins, [2, sequences * length, vocabulary]."""
        head = self.leaves["embed_tokens.weight"].to(self.copies.dtype)
        return torch.bmm(self.hidden(tokens, neurons).to(head.dtype), head.transpose(1, 2))

    def losses(self, sequences, neurons=None):
        """Cross entropy in nats of every token given those before it, [2, sequences * (length - 1)]."""
        logits = self.logits(sequences[:, :-1], neurons)
        targets = sequences[:, 1:].flatten().expand(2, -1).flatten()
        return functional.cross_entropy(logits.flatten(0, 1).float(), targets, reduction="none").view(2, -1)

    # ------------------------------------------------------------ a step

    def draw_losses(self):
        """The mean loss of each twin on the crops of the step that the clock shows."""
        places = self.table.index_select(0, (self.clock % BLOCK)[None])[0]
        return self.losses(self.text.crops(places)).mean(1)

    @torch.no_grad()
    def update(self, exact, products, losses):
        """AdamW from the gradients of both kinds of parameters, after clipping each twin's norm; counts the step."""
        c = self.config
        grads = torch.cat([exact, products.float()], 1) * (self.shares > 0)
        grads = grads * torch.clamp(c["clip"] / (torch.linalg.vector_norm(grads, dim=1, keepdim=True) + 1e-6), max=1.0)
        step = (self.clock + 1).float()
        rate = self.rate * torch.clamp(step / c["warmup"], max=1.0)
        self.mean.lerp_(grads, 1 - c["beta1"])
        self.square.mul_(c["beta2"]).add_(grads * grads * (1 - c["beta2"]))
        scale = (self.square / (1 - c["beta2"] ** step)).sqrt() + 1e-8
        self.weights.sub_(rate * self.shares * (self.decays * self.weights + self.mean / (1 - c["beta1"] ** step) / scale))
        self.copies.copy_(self.weights[:, self.split :])
        self.sums.add_(losses)
        self.clock.add_(1)

    def plain_step(self):
        """One step of both twins."""
        losses = self.forward()
        grads = torch.autograd.grad(losses.sum(), list(self.leaves.values()))
        rows = [grad.flatten(1) for grad in grads]
        self.learn(torch.cat(rows[: len(self.exact)], 1), torch.cat(rows[len(self.exact) :], 1), losses.detach())

    def take(self, count, rate):
        """`count` steps at a learning rate, which rises to it over the first `warmup` steps of a run."""
        self.rate.fill_(rate)
        for _ in range(count):
            if self.at // BLOCK != self.block:
                self.block = self.at // BLOCK
                self.table.copy_(self.text.places(self.config["seed"], self.block, self.config["batch"]))
            self.step()
            self.at += 1

    def read_sums(self):
        """The sum of each twin's losses since this was last asked; waits for the device."""
        sums = self.sums.tolist()
        self.sums.zero_()
        return sums

    # ------------------------------------------------------------ speed on a GPU

    def rehearse(self):
        """The losses summed over a few steps at a rate that makes them fall; the steps are then undone."""
        stored, step = self.stored(), self.at
        self.take(12, self.config["rate"] * self.config["warmup"] / 40)
        sums = self.read_sums()
        self.restore(stored, step)
        return sums

    def quicken(self):
        """On a GPU, before the first step: compile a step's parts and capture it as a graph. What fails is said and done without."""
        if self.device != "cuda":
            return
        begin, expected = self.stored(), self.rehearse()

        def attempt(what, change, undo):
            try:
                change()
                found = self.rehearse()
                if any(abs(a - b) > 0.02 * b for a, b in zip(found, expected)):
                    raise RuntimeError(f"losses {found} instead of {expected}")
                print(f"{what}: works (losses of a few steps {found}, without it {expected})", flush=True)
            except Exception as error:  # whatever it is: training without it is better than none
                undo()
                self.restore(begin, 0)
                print(f"{what}: does not work here, done without ({type(error).__name__}: {str(error)[:500]})", flush=True)

        def compile_parts():
            self.forward = torch.compile(self.draw_losses, fullgraph=True, dynamic=False)
            self.learn = torch.compile(self.update, fullgraph=True, dynamic=False)

        def plain_parts():
            self.forward, self.learn = self.draw_losses, self.update

        def capture():
            side, graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
            torch.cuda.synchronize()
            with torch.cuda.stream(side):  # what is made at first use is made before the capture, and on its stream
                self.rehearse()
            torch.cuda.synchronize()
            with torch.cuda.graph(graph, stream=side):
                self.plain_step()
            self.step = graph.replay

        def plain_step():
            self.step = self.plain_step

        attempt("torch.compile", compile_parts, plain_parts)
        attempt("CUDA graph", capture, plain_step)
