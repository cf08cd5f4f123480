# SPDX-License-Identifier: MIT
"""torch_census_test.py: the module torch_census against plain NumPy. Says SKIPPED where there is no NumPy."""
import sys

try:
    import numpy as np
except ImportError:
    print("SKIPPED: there is no NumPy")
    sys.exit(0)
from torch_census import Census

random = np.random.default_rng(5)
census, seen = Census(), []
for _ in range(3):  # batches of another size each, two layers
    ids = random.integers(0, 9, (random.integers(1, 5), 7))
    for layer in (0, 3):
        values = random.normal(size=(*ids.shape, 70)).astype("float32" if layer else "float16")
        values[..., 5] = 0
        census.observe(layer, values, ids)
        seen.append((layer, ids, values > 0))

tables = census.tables()
assert sorted(tables) == [0, 3]
for layer, by in tables.items():
    ids = np.concatenate([i.ravel() for l, i, _ in seen if l == layer])
    fires = np.concatenate([f.reshape(-1, 70) for l, _, f in seen if l == layer])
    position = np.arange(len(ids)) % 7
    assert by["all"]["counts"].shape == (1, 70) and by["all"]["keys"].shape == (0,)
    assert (by["all"]["counts"] == fires.sum(0)).all() and by["all"]["counts"][0, 5] == 0
    for key, of_row in (("token", ids), ("position", position)):
        assert (by[key]["keys"] == np.unique(of_row)).all()
        for row, k in enumerate(by[key]["keys"]):
            assert by[key]["occurrences"][row] == (of_row == k).sum()
            assert (by[key]["counts"][row] == fires[of_row == k].sum(0)).all()


def by_token(bos, ids):
    """{token: (occurrences, firings)} of one neuron that fires everywhere, and how often it fired at all."""
    told = Census() if bos is None else Census(bos=bos)
    told.observe(0, np.ones((*np.shape(ids), 1), "float32"), np.array(ids))
    table = told.tables()[0]
    return dict(zip(table["token"]["keys"].tolist(), zip(table["token"]["occurrences"].tolist(), table["token"]["counts"][:, 0].tolist()))), \
        int(table["all"]["counts"][0, 0])


begun = [[2, 5, 2], [5, 5, 2]]  # BOS begins the first row alone; elsewhere the id is a token like any other
assert by_token(2, begun) == ({2: (2, 2), 5: (3, 3)}, 6)
assert by_token(None, begun) == ({2: (3, 3), 5: (3, 3)}, 6)


def complaint(values, ids=np.zeros((1, 2), int)):
    try:
        Census().observe(0, values, ids)
    except Exception as error:  # pylint: disable=broad-except
        return str(error)
    return "nothing"


assert complaint(np.zeros((1, 2, 3), "float32")) == "nothing"
assert complaint(np.zeros((1, 4, 6), "float32")[:, ::2, :3]) == "nothing"  # rows apart, not copied
assert "of 64-bit numbers" in complaint(np.zeros((1, 2, 3)))
assert "do not lie side by side" in complaint(np.zeros((1, 3, 2), "float32").transpose(0, 2, 1))
assert "fewer than two dimensions" in complaint(np.zeros(6, "float32"))
assert "layer 0: row 1, neuron 2: the activation is NaN" in complaint(np.array([[[0, 1, 2], [3, 4, np.nan]]], "float32"))
assert "layer 0: firings of 3 rows, but a text of 2" in complaint(np.zeros((1, 3, 3), "float32"))
for kind in ("float32", "float64", "bool"):  # 1.7 is not token 1
    assert f"token ids: are no whole numbers, but {kind}" in complaint(np.zeros((1, 2, 3), "float32"), np.array([[0, 1.7]], kind))
for kind in ("int8", "uint16", "int32", "uint64"):
    assert complaint(np.zeros((1, 2, 3), "float32"), np.array([[0, 1]], kind)) == "nothing"
assert "token ids: -1 is none" in complaint(np.zeros((1, 2, 3), "float32"), np.array([[0, -1]]))


class OnDevice:
    """What says that it lies on a CUDA device, and is to be refused before it is lent."""

    def __dlpack_device__(self):
        return 2, 0

    def __dlpack__(self, **_):
        raise RuntimeError("was asked for")


for refusal in (complaint(OnDevice()), complaint(np.zeros((1, 2, 3), "float32"), OnDevice())):
    if not refusal.startswith(("CUDA", "was asked for")):  # built for devices: without one, and with one
        assert refusal == ("DLPack tensor: lies on a device; this module was built without CUDA (CENSUS_CUDA), so "
                           "bring it to the host"), refusal
print("the tables are NumPy's")
