// SPDX-License-Identifier: MIT
#include <census/weights/open_tensors.hpp>

#include <recording/dumps.hpp>
#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <string>

using namespace census_test;

TEST_CASE("a file of tensors is opened by its ending") {
  temporary_folder folder;
  dumped const one{"x", "F32", {2}, stored_as("F32", {1, 2})};
  CHECK(census::open_tensors(folder.write("a.safetensors", safetensors_of({one}))).tensors().front().name == "x");
  CHECK(census::open_tensors(folder.write("a.npy", npy_of(one))).tensors().front().name == "a");
  auto const other = folder.write("a.pt", "");
  CHECK(complaint_about(other, [&] { census::open_tensors(other); }) == "is neither .safetensors nor .npy");
}
