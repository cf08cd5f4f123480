"""A compact OPT (pre-layer-norm, ReLU, tied embeddings) whose parameters carry Hugging Face's names, and its folder format."""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from torch import nn
from torch.nn import functional

POSITION_OFFSET = 2  # OPT's learned positions begin at row 2


def attend(q, k, v):
    """Causal attention; written out for versions of torch (before 2.0) that have no function for it."""
    if hasattr(functional, "scaled_dot_product_attention"):
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    length = q.shape[-2]
    future = torch.full((length, length), -math.inf, device=q.device, dtype=q.dtype).triu(1)
    return torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2) + future, -1) @ v


def waves(positions, hidden, count):
    """Smooth positions, [positions, hidden], of mean square 1: `count` waves, each a circle in a plane of its own, drawn at
    random. Wavelengths go geometrically from twice the number of positions down to 8 positions."""
    planes = torch.linalg.qr(torch.randn(hidden, 2 * count)).Q.t()
    longest = 2.0 * positions
    wavelengths = longest * (8 / longest) ** (torch.arange(count) / max(1, count - 1))
    angles = 2 * math.pi * torch.arange(positions)[:, None] / wavelengths
    return math.sqrt(hidden / count) * torch.cat([angles.sin(), angles.cos()], 1) @ planes


class Attention(nn.Module):
    """Causal multi-head self-attention."""

    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.v_proj, self.out_proj = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)

    def forward(self, x):
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x))
        mixed = attend(q, k, v)
        return self.out_proj(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A decoder layer: attention, then the feed-forward network whose hidden units are the neurons."""

    def __init__(self, hidden, ffn, heads):
        super().__init__()
        self.self_attn = Attention(hidden, heads)
        self.self_attn_layer_norm = nn.LayerNorm(hidden)
        self.fc1, self.fc2 = nn.Linear(hidden, ffn), nn.Linear(ffn, hidden)
        self.final_layer_norm = nn.LayerNorm(hidden)

    def forward(self, x, neurons=None):
        x = x + self.self_attn(self.self_attn_layer_norm(x))
        activations = functional.relu(self.fc1(self.final_layer_norm(x)))
        if neurons is not None:
            neurons.append(activations)
        return x + self.fc2(activations)


class Decoder(nn.Module):
    """The whole model; `forward` gives logits, and appends each layer's activations to `neurons` where one is given."""

    def __init__(self, settings):
        super().__init__()
        hidden, layers = settings["hidden"], settings["layers"]
        self.settings = settings
        self.embed_tokens = nn.Embedding(settings["vocabulary"], hidden)
        self.embed_positions = nn.Embedding(settings["context"] + POSITION_OFFSET, hidden)
        self.layers = nn.ModuleList(Layer(hidden, settings["ffn"], settings["heads"]) for _ in range(layers))
        self.final_layer_norm = nn.LayerNorm(hidden)

    @torch.no_grad()
    def draw(self, recipe):
        """Draw the weights with which a training begins. Logits begin as with token embeddings of 0.02, however large they are.
        The biases of the first layer's neurons go evenly from `first_bias` to `first_bias_end`."""
        std = {"embed_tokens": recipe["token_std"], "embed_positions": recipe["position_std"], "fc1": recipe["fc1_std"]}
        for name, parameter in self.named_parameters():
            owner = name.split(".")[-2]
            if name.endswith("bias"):
                parameter.fill_(0)
            elif parameter.dim() == 2:
                residual = math.sqrt(2 * len(self.layers)) if owner in ("out_proj", "fc2") else 1
                nn.init.normal_(parameter, std=std.get(owner, 0.02) / residual)
        first = self.layers[0].fc1.bias
        first.copy_(torch.linspace(recipe["first_bias"], recipe["first_bias_end"], len(first)))
        self.final_layer_norm.weight.fill_(0.02 / recipe["token_std"])
        if recipe["position_waves"]:
            self.embed_positions.weight.copy_(waves(*self.embed_positions.weight.shape, recipe["position_waves"]) * recipe["position_std"])
        if not self.settings["positions"]:  # the twin without positions: zeros, never trained
            nn.init.zeros_(self.embed_positions.weight)

    def hidden(self, tokens, neurons=None):
        """The last hidden state, normed: what the output embedding reads."""
        positions = self.embed_positions.weight[POSITION_OFFSET : POSITION_OFFSET + tokens.shape[1]]
        x = self.embed_tokens(tokens) + positions
        for layer in self.layers:
            x = layer(x, neurons)
        return self.final_layer_norm(x)

    def forward(self, tokens, neurons=None):
        return functional.linear(self.hidden(tokens, neurons), self.embed_tokens.weight)


def save_model(model, folder):
    """Write config.json and model.safetensors (float16, the tied lm_head left out) as Hugging Face's OPTForCausalLM reads them."""
    folder, settings = Path(folder), model.settings
    config = {
        "architectures": ["OPTForCausalLM"], "model_type": "opt", "torch_dtype": "float16",
        "vocab_size": settings["vocabulary"], "hidden_size": settings["hidden"],
        "word_embed_proj_dim": settings["hidden"], "ffn_dim": settings["ffn"],
        "num_hidden_layers": settings["layers"], "num_attention_heads": settings["heads"],
        "max_position_embeddings": settings["context"], "activation_function": "relu",
        "do_layer_norm_before": True, "enable_bias": True, "layer_norm_elementwise_affine": True,
        "_remove_final_layer_norm": False, "tie_word_embeddings": True, "dropout": 0.0,
        "attention_dropout": 0.0, "layerdrop": 0.0, "init_std": 0.02, "use_cache": True,
        "bos_token_id": 2, "eos_token_id": 2, "pad_token_id": 1, "prefix": "</s>",
    }  # fmt: skip
    tensors = {f"model.decoder.{name}": t.detach().to("cpu", torch.float16).contiguous() for name, t in model.state_dict().items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors.new").write_bytes(save(tensors, metadata={"format": "pt"}))
    (folder / "model.safetensors.new").replace(folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def load_model(folder):
    """A float32 model from a folder which `save_model` wrote."""
    folder = Path(folder)
    config = json.loads((folder / "config.json").read_text())
    model = Decoder({
        "vocabulary": config["vocab_size"], "hidden": config["hidden_size"], "ffn": config["ffn_dim"],
        "layers": config["num_hidden_layers"], "heads": config["num_attention_heads"],
        "context": config["max_position_embeddings"], "positions": True,
    })  # fmt: skip
    tensors = load_file(folder / "model.safetensors")
    model.load_state_dict({name.removeprefix("model.decoder."): tensor.float() for name, tensor in tensors.items()})
    return model
