# SPDX-License-Identifier: MIT
"""The mutants: what is taken out of include/census/cuda, one at a time, and which tests are to notice it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    kind: str     # barrier, bound, mask or wait
    what: str     # what is taken out, in a few words
    file: str     # below include/census/cuda
    before: str   # text that is in the file once
    after: str    # what stands there instead
    tests: tuple  # files below tests/cuda


COUNT, PACK, PREPARE = ("kernels/count_test.cpp",), ("kernels/pack_test.cpp",), ("kernels/prepare_test.cpp",)
NORM, ATTENTION = ("kernels/norm_test.cpp",), ("kernels/attention_test.cpp",)
ACTIVATION, FORWARD = ("kernels/activation_test.cpp",), ("forward_test.cpp",)
FIRINGS, TABULATE, COUNTS = ("firings_test.cpp",), ("tabulate_test.cpp",), ("counts_test.cpp",)
PACKING, FAILURES = ("pack_test.cpp",), ("failures_test.cpp",)
STREAMS, TEXT = ("residual_streams_test.cpp",), ("device_text_test.cpp",)
EMBEDDER = ("embedder_test.cpp",)

count, counters, prepare, pack = (f"kernels/{name}.cuh" for name in ("count", "bit_sliced_counters", "prepare", "pack"))
activation, attention, norm = (f"kernels/{name}.cuh" for name in ("activation", "attention", "norm"))
embed, update = "kernels/embed.cuh", "kernels/update.cuh"
uploads, streams = "detail/uploads.hpp", "detail/residual_streams.hpp"

MUTANTS = (
    # Counting.
    Mutant("bound", "a lane reads past its row's last word", count, "word < words ? ", "true ? ", COUNT),
    Mutant("bound", "cells where nothing fired, so those past the last neuron, are written", count,
           "if ((sums[0] | sums[1] | sums[2] | sums[3]) == 0) continue;", "", COUNT),
    Mutant("mask", "more bits than a word's four cells of 8 bits take", count, "(bits & 15u)", "(bits)", COUNT),
    Mutant("mask", "what a product leaves between cells of 8 bits", count, " & 0x01010101u", "", COUNT),
    Mutant("mask", "more bits than a word's two cells of 16 bits take", count, "(bits & 3u)", "(bits)", COUNT),
    Mutant("mask", "what a product leaves between cells of 16 bits", count, " & 0x00010001u", "", COUNT),
    Mutant("mask", "more than the one bit of a cell of 32 bits", count, "return bits & 1u;", "return bits;", COUNT),
    Mutant("mask", "half of the lanes are left out of a shuffle", count, "__shfl_sync(whole_warp,",
           "__shfl_sync(0x0000ffffu,", COUNT),
    Mutant("bound", "a piece's one row is counted by eights", count, "if (rows == 1)", "if (rows <= 2)", COUNT),
    Mutant("bound", "four rows in counters of two bits", count, "rows <= 3", "rows <= 4", COUNT),
    Mutant("bound", "16 rows in counters of four bits", count, "rows <= 15", "rows <= 16", COUNT),
    Mutant("bound", "pieces of 64 rows in counters of six bits", "kernels/count_types.cuh", "most_rows = 63",
           "most_rows = 64", COUNT),
    Mutant("bound", "eight rows are read where seven are left", counters, "last - first >= 8", "last - first >= 7",
           COUNT),
    Mutant("bound", "two rows are read where one is left", counters, "last - first >= 2", "last - first >= 1", COUNT),
    Mutant("bound", "a last row is read where none is left", counters, "if (first != last) carry_into(0",
           "carry_into(0", COUNT),
    Mutant("bound", "carries begin at the lowest slice", counters, "if (p < from) continue;", "", COUNT),
    # Rows of cells.
    Mutant("bound", "threads past a row's last cells", prepare, "if (i >= neurons / 4) return;", "", PREPARE),
    Mutant("mask", "the first cell of 8 bits takes in its neighbours", prepare, "{four & 0xffu,", "{four,", PREPARE),
    Mutant("mask", "the second likewise", prepare, "four >> 8 & 0xffu", "four >> 8", PREPARE),
    Mutant("mask", "the third likewise", prepare, "four >> 16 & 0xffu", "four >> 16", PREPARE),
    Mutant("mask", "a cell of 16 bits takes in its neighbour", prepare, "{four.x & 0xffffu,", "{four.x,", PREPARE),
    Mutant("mask", "the third of four likewise", prepare, "four.y & 0xffffu", "four.y", PREPARE),
    # Packing.
    Mutant("bound", "a lane reads past its row's last value", pack, "neuron < neurons ? as_float", "true ? as_float",
           PACK),
    Mutant("bound", "words past a row's last one are written", pack, "if (first_word + lane < words) ", "", PACK),
    Mutant("bound", "a row without NaN names one", pack, "if (nan < neurons) ", "", PACK),
    Mutant("bound", "a lane's last NaN instead of its first", pack, " && nan == neurons", "", PACK),
    Mutant("mask", "half of the lanes are left out of a vote", pack, "__ballot_sync(whole_warp,",
           "__ballot_sync(0x0000ffffu,", PACK),
    # The forward pass.
    Mutant("barrier", "sums are written while those before are read", norm,
           "__syncthreads();  // the sum before may still be read", "", NORM),
    Mutant("barrier", "sums are read before they are written", norm,
           "part[threadIdx.x / warp_threads] = value;\n  __syncthreads();",
           "part[threadIdx.x / warp_threads] = value;", NORM),
    Mutant("bound", "columns past those that count are in the mean", norm,
           "float sum = 0;\n  for (std::uint32_t i = threadIdx.x; i < columns;",
           "float sum = 0;\n  for (std::uint32_t i = threadIdx.x; i < width;", NORM),
    Mutant("bound", "and in the variance", norm,
           "float squares = 0;\n  for (std::uint32_t i = threadIdx.x; i < columns;",
           "float squares = 0;\n  for (std::uint32_t i = threadIdx.x; i < width;", NORM),
    Mutant("bound", "and get values", norm, "factor<T>::from(i < columns ? ", "factor<T>::from(true ? ", NORM),
    Mutant("mask", "a query sees the token after its own", attention, "query % tile.rows) + 1;",
           "query % tile.rows) + 2;", ATTENTION),
    Mutant("mask", "tokens that are not seen have weight", attention, "factor<T>::from(j < visible ? ",
           "factor<T>::from(true ? ", ATTENTION),
    Mutant("mask", "tokens that are not seen are among the scores for the largest", attention,
           "j < visible; j += warp_threads) largest", "j < keys; j += warp_threads) largest", ATTENTION),
    Mutant("bound", "columns past a head's size", attention, "j < shape.size ? (row", "true ? (row", ATTENTION),
    Mutant("bound", "rows of padding are written", attention, "if (row == no_row) return;", "", ATTENTION),
    Mutant("bound", "columns past a head's size are merged", attention, "j < shape.size; j += warp_threads)",
           "j < shape.padded_size; j += warp_threads)", ATTENTION),
    Mutant("bound", "values past the last neuron", activation, "counts ? product", "true ? product", ACTIVATION),
    Mutant("mask", "neurons of padding fire", activation, "counts && value > threshold", "value > threshold", ACTIVATION),
    Mutant("bound", "columns past the row's width are written", activation, "if (n >= width) continue;", "", ACTIVATION),
    Mutant("bound", "words past the last one are written", activation, "n < 32 * words;", "n < 32 * words + 32;",
           ACTIVATION),
    Mutant("bound", "columns past an embedding's width", embed, "i < width;", "i < width + 1;", FORWARD),
    Mutant("bound", "columns past an update's width", update, "i < width;", "i < width + 1;", FORWARD),
    Mutant("mask", "values of padding are what lay there before", "detail/attention.hpp",
           "if (slice.attention_rows > slice.last_row - slice.first_row) clear(values_);", "static_cast<void>(slice);",
           FORWARD),
    Mutant("mask", "columns past the heads are what lay there before", "detail/attention.hpp",
           "clear(attended_);  // columns past the heads stay 0", "", FORWARD),
    # What the host waits for, and lets streams wait for.
    Mutant("wait", "what is on its way to the device is overwritten", uploads, "copied_.wait();", "", TABULATE),
    Mutant("wait", "page-locked memory goes before what is copied out of it", uploads, "copies_(on_->stream()) {}",
           "copies_(on_->stream()) { copies_.not_needed(); }", TABULATE),
    Mutant("wait", "the first NaN is asked for before it is there", "pack.hpp", "packed.wait();", "", PACKING),
    Mutant("wait", "after a failure, what packing uses goes while it runs", "pack.hpp",
           "work(stream);  // where", "work(stream); work.not_needed();  // where", FAILURES),
    Mutant("wait", "bits are copied before they are packed", "firings.hpp",
           "packed_->are_there.hold(on()->downloads());", "", FIRINGS),
    Mutant("wait", "bits are read before they have come", "detail/device_array.hpp", "wait_for(stream);", "", FIRINGS),
    Mutant("wait", "rows are read before they have come", "detail/downloads.hpp", "wait_for(on_->stream());", "", COUNTS),
    Mutant("wait", "a text is computed with before it has arrived", "detail/device_text.hpp", "wait_for(upload);", "",
           TEXT),
    Mutant("wait", "embeddings are overwritten before they are sent", "detail/embedder.hpp", "staged_.wait();", "",
           EMBEDDER),
    Mutant("wait", "positions go before they have been sent", "detail/embedder.hpp",
           "wait_at_the_end const copies(on_->stream());", "", EMBEDDER),
    Mutant("wait", "a residual stream leaves before it is computed", "detail/stream.hpp", "now.hold(waiting);", "",
           STREAMS),
    Mutant("wait", "a residual stream is used before it has arrived", streams, "here.at->arrived.hold(on_->stream());", "",
           STREAMS),
    Mutant("wait", "one arrives where another has not left", streams, "here.at->left.hold(uploads_.get());", "", STREAMS),
    Mutant("wait", "one comes back before it has gone", streams, "here.left.hold(uploads_.get());", "", STREAMS),
    Mutant("wait", "a piece of the file is read over one that is on its way", streams, "in.copied.wait();", "", STREAMS),
    Mutant("wait", "a piece of the file is written before it has come", streams, "out.copied.wait();", "", STREAMS),
)
