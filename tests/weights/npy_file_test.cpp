// SPDX-License-Identifier: MIT
#include <census/weights/npy_file.hpp>

#include <recording/dumps.hpp>
#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <string>

using namespace census_test;

TEST_CASE("an .npy file is a tensor named by its stem") {
  temporary_folder folder;
  census::npy_file const file(folder.write("h.npy", npy_of({"", "F32", {2, 2}, stored_as("F32", {1, 2, 3, 4})})));
  REQUIRE(file.tensors().size() == 1);
  census::tensor const& one = file.tensors().front();
  CHECK(one.name == "h");
  CHECK(one.type == census::dtype::float32);
  CHECK(one.shape == std::vector<std::size_t>{2, 2});
  std::vector<float> values(3);
  census::to_float32(one, 1, values);
  CHECK(values == std::vector<float>{2, 3, 4});
}

TEST_CASE("Fortran order is read where there is but one dimension to speak of") {
  temporary_folder folder;
  for (std::vector<std::size_t> const& shape : {std::vector<std::size_t>{4}, {1, 4}, {4, 1}})
    CHECK(census::npy_file(folder.write("a.npy", npy_of({"", "F32", shape, stored_as("F32", {1, 2, 3, 4})}, true)))
              .tensors()
              .front()
              .shape == shape);
}

TEST_CASE("an .npy file that is not what it says is refused by name") {
  temporary_folder folder;
  auto const complaint = [&](std::string const& bytes) {
    auto const path = folder.write("a.npy", bytes);
    return complaint_about(path, [&] { census::npy_file{path}; });
  };
  std::string const whole = npy_of({"", "F32", {2, 2}, stored_as("F32", {1, 2, 3, 4})});
  CHECK(complaint(whole) == "nothing");
  CHECK(complaint(whole.substr(0, 5)) == "is no .npy file");
  CHECK(complaint(whole.substr(0, 40)) == "the .npy file is cut short");
  CHECK(complaint(whole + "x") == "its data are 17 bytes, not the 16 that its header says");
  CHECK(complaint(npy_of({"", "F32", {2, 2}, stored_as("F32", {1, 2, 3, 4})}, true)) ==
        "is in Fortran order, only C order is read");
  CHECK(complaint(npy_of({"", ">f4", {1}, "abcd"})) == "is of type \">f4\", which is not read");
  std::size_t const huge = std::size_t{1} << 47;
  CHECK(complaint(npy_of({"", "F32", {huge, huge}, ""})) == "the shape in its header is larger than any file");
}
