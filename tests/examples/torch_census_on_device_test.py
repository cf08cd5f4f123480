# SPDX-License-Identifier: MIT
"""torch_census_on_device_test.py [emulated]: the module torch_census counts arrays on a CUDA device as on the host.

They are PyTorch's or CuPy's, or those of the tests' emulator, which is then compiled into the module. Says SKIPPED
where there is no device, or neither library.
"""
import importlib.machinery
import importlib.util
import sys

try:
    import numpy as np
except ImportError:
    print("SKIPPED: there is no NumPy")
    sys.exit(0)
import torch_census
from torch_census import Census

FLOATS = ("float32", "float16", "bfloat16")


def stored(values, kind):
    """The numbers as a type of NumPy's, which has no bfloat16: its upper half of a float32 then, as a whole number."""
    if kind != "bfloat16":
        return values.astype(kind)
    return (values.astype("float32").view("uint32") >> 16).astype("uint16")


def on_host(values, kind):
    """What the host counts in place of them: the same numbers, which float32 holds."""
    if kind != "bfloat16":
        return values.astype(kind)
    return (stored(values, kind).astype("uint32") << 16).view("float32")


class Emulated:
    """Tensors of the tests' emulator, on the first device unless told."""

    kinds = FLOATS

    def __init__(self):
        loader = importlib.machinery.ExtensionFileLoader("emulated_tensors", torch_census.__file__)
        self.module = importlib.util.module_from_spec(importlib.util.spec_from_loader("emulated_tensors", loader))
        loader.exec_module(self.module)

    def put(self, values, kind, device=0):
        code = {"i": 0, "f": 2, "b": 4}[kind[0]]  # DLDataTypeCode
        return self.module.Tensor(stored(values, kind), code, device)

    def strided(self, values, kind, shape, strides):
        """A view of the numbers, by its shape and strides in numbers."""
        tensor = self.put(values, kind)
        tensor.shape, tensor.strides = shape, strides
        return tensor


class PyTorch:
    """PyTorch's, written in a stream of their own: whoever does not wait for it reads what was there before."""

    kinds = FLOATS

    def __init__(self):
        import torch

        assert torch.cuda.is_available(), "PyTorch sees no CUDA device"
        self.torch, self.stream = torch, torch.cuda.Stream()

    def put(self, values, kind):
        with self.torch.cuda.stream(self.stream):
            there = self.torch.from_numpy(np.ascontiguousarray(values)).to("cuda")
            self.torch.cuda._sleep(20_000_000)  # some 10 ms
            return there.to(getattr(self.torch, kind))

    def strided(self, values, kind, shape, strides):
        return self.torch.as_strided(self.put(values, kind), shape, strides)

    def observe(self, census, layer, *tensors):
        """As in a model that works in that stream."""
        with self.torch.cuda.stream(self.stream):
            census.observe(layer, *tensors)


class CuPy:
    kinds = ("float32", "float16")

    def __init__(self):
        import cupy

        cupy.cuda.runtime.getDevice()
        self.cupy = cupy

    def put(self, values, kind):
        return self.cupy.asarray(values).astype(kind)

    def strided(self, values, kind, shape, strides):
        there = self.put(values, kind)
        return self.cupy.lib.stride_tricks.as_strided(there, shape, [s * there.itemsize for s in strides])


def library():
    """Who has tensors on a device here."""
    if sys.argv[1:] == ["emulated"]:
        return Emulated()
    reasons = []
    for one in (PyTorch, CuPy):
        try:
            return one()
        except Exception as error:  # pylint: disable=broad-except
            reasons.append(f"{one.__name__}: {error}")
    print("SKIPPED: there are no tensors on a CUDA device;", "; ".join(reasons))
    sys.exit(0)


there = library()
observe = getattr(there, "observe", Census.observe)
random = np.random.default_rng(6)


def equal(a, b):
    """Whether two tables() are the same, cell by cell."""
    return sorted(a) == sorted(b) and all(
        np.array_equal(a[layer][key][array], b[layer][key][array])
        for layer in a for key in ("all", "token", "position") for array in ("keys", "counts", "occurrences"))


def numbers(ids, neurons=70):
    """Activations [batch, position, neuron]: half of them positive, one neuron dead."""
    values = random.normal(size=(*ids.shape, neurons))
    values[..., 5] = 0
    return values


def some_ids(batch=2, length=5):
    return random.integers(0, 9, (batch, length))


# Of each type, ids on the host and on the device, layers observed on both, batches of different sizes.
here, on_device, mixed = Census(), Census(), Census()
for number, kind in enumerate(there.kinds):
    for batch in (1, 3):
        ids = some_ids(batch)
        values = numbers(ids)
        for layer in (0, 3):
            here.observe(layer, on_host(values, kind), ids)
            observe(on_device, layer, there.put(values, kind), there.put(ids, "int64" if layer else "int32"))
            if batch == 1:
                mixed.observe(layer, on_host(values, kind), ids)
            else:
                observe(mixed, layer, there.put(values, kind), ids)
assert sorted(here.tables()) == [0, 3] and here.tables()[0]["all"]["counts"].sum() > 0
assert equal(here.tables(), on_device.tables())
assert equal(here.tables(), mixed.tables())
tables = mixed.tables()
ids = some_ids()
values = numbers(ids)
observe(here, 0, there.put(values, "float16"), ids)  # the other way round
mixed.observe(0, on_host(values, "float16"), ids)
assert equal(here.tables(), mixed.tables())
assert not equal(tables, mixed.tables())  # what came home stays as it was

# Rows that lie apart, of activations and of ids; one row of ids for the whole batch.
wide, ids = numbers(some_ids(2, 6), 80), some_ids(2, 9)
here, on_device = Census(), Census()
here.observe(1, on_host(wide[:, ::2, :70], "float16"), ids[:, :3])
observe(on_device, 1, there.strided(wide, "float16", [2, 3, 70], [480, 160, 1]),
        there.strided(ids, "int64", [2, 3], [9, 1]))
here.observe(1, on_host(wide[:, :, 10:], "float32"), np.broadcast_to(ids[0, :6], (2, 6)))
observe(on_device, 1, there.put(wide[:, :, 10:].copy(), "float32"), there.strided(ids, "int64", [2, 6], [0, 1]))
assert equal(here.tables(), on_device.tables())


def complaint(values, ids=np.zeros((1, 2), int)):
    """What is said of tensors that are refused; each must have been given back, and nothing counted."""
    census = Census()
    try:
        observe(census, 4, values, ids)
    except Exception as error:  # pylint: disable=broad-except
        assert not census.tables()
        assert all(t.lent == t.given_back for t in (values, ids) if hasattr(t, "given_back"))
        return str(error)
    return "nothing"


small = np.zeros((1, 2, 3))
assert complaint(there.put(small, "float32")) == "nothing"
assert "of 64-bit numbers" in complaint(there.put(small, "float64"))
assert "of 32-bit numbers of code 0" in complaint(there.put(small, "int32"))
assert "do not lie side by side" in complaint(there.strided(small, "float32", [1, 2, 3], [6, 1, 2]))
assert "fewer than two dimensions" in complaint(there.put(np.zeros(6), "float32"))
for kind in there.kinds:
    nan = complaint(there.put(np.array([[[0, 1, 2], [3, 4, np.nan]]]), kind))
    assert "layer 4: row 1, neuron 2: the activation is NaN" in nan
assert "layer 4: firings of 4 rows, but a text of 2" in complaint(there.put(np.zeros((1, 4, 3)), "float32"))
array = small.astype("float32")
assert "token ids: are to be int32 or int64" in complaint(array, there.put(np.zeros((1, 2)), "float32"))
assert "token ids: are to be int32 or int64" in complaint(array, there.put(np.zeros(2), "int64"))
apart = there.strided(np.zeros((1, 4)), "int64", [1, 2], [4, 2])
assert "token ids: of a sequence do not lie side by side" in complaint(array, apart)
assert "token ids: -1 is none" in complaint(array, there.put(np.array([[1, -1]]), "int64"))
if not isinstance(there, Emulated):
    print("tables are those of the host, by", type(there).__name__)
    sys.exit(0)

# What no real library shows: other devices, a device that fails, and what is left behind.
elsewhere = there.put(small, "float32")
elsewhere.device_type = 10  # ROCm's
assert "lies on a device; census::cuda reads those of CUDA" in complaint(elsewhere)
there.module.set_devices(2)
here, on_device = Census(), Census()
for device in (0, 1, 0):  # activations and ids on the same one, or not
    ids = some_ids()
    values = numbers(ids)
    here.observe(0, on_host(values, "float32"), ids)
    on_device.observe(0, there.put(values, "float32", device), there.put(ids, "int64", 1))
assert equal(here.tables(), on_device.tables())
elsewhere.device_type, elsewhere.device = 2, 5
assert "cudaSetDevice(5) failed: invalid device ordinal" in complaint(elsewhere)
there.module.set_devices(1)

# Whichever call fails first: what was lent is given back, and tables are right or none, before and after another try.
ids = some_ids(1, 3)
values = numbers(ids, 6)
expected = Census()
expected.observe(0, on_host(values, "float32"), ids)
call, outcomes, failed = 0, set(), True
while failed:
    call += 1
    census, lent = Census(), (there.put(values, "float32"), there.put(ids, "int64"))
    there.module.fail_at(call)
    try:
        census.observe(0, *lent)
        outcome = "counted"  # also where a call failed that does no harm, in a destructor
    except (RuntimeError, BufferError):
        outcome = "refused"
    failed = there.module.has_failed()
    there.module.fail_at(0)
    try:
        assert outcome == "counted" or not census.tables()
        if outcome == "refused":
            census.observe(0, there.put(values, "float32"), there.put(ids, "int64"))
        assert equal(census.tables(), expected.tables())
    except RuntimeError as error:
        assert outcome == "refused" and "an observation failed midway" in str(error)
        outcome = "midway"
    assert all(tensor.lent == tensor.given_back for tensor in lent), call
    outcomes.add(outcome)
assert outcomes == {"counted", "refused", "midway"}

names = ("census", "here", "on_device", "mixed", "lent", "elsewhere", "apart")
for name in names:
    del globals()[name]
assert there.module.live_allocations() == 0
print("tables are those of the host, by the emulator,", call, "calls failed in turn")
