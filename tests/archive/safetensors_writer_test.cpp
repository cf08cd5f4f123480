// SPDX-License-Identifier: MIT
#include <census/archive/safetensors_writer.hpp>

#include <support/catch.hpp>
#include <support/read_tensor.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <vector>

TEST_CASE("a safetensors file is refused as long as a tensor is not whole") {
  temporary_folder const out;
  census::safetensors_writer writer(out / "x.safetensors", {{"a", "U32", {2, 2}}});
  std::vector<std::uint32_t> const row{1, 2};
  writer.append("a", std::span<std::uint32_t const>(row));
  CHECK_THROWS_AS(writer.commit(), std::logic_error);
  CHECK_THROWS_AS(writer.append("b", std::span<std::uint32_t const>(row)), std::out_of_range);
  writer.append("a", std::span<std::uint32_t const>(row));
  CHECK_THROWS_AS(writer.append("a", std::span<std::uint32_t const>(row)), std::logic_error);
  writer.commit();
  CHECK(census_test::read_tensor<std::uint32_t>(census::safetensors_file(out / "x.safetensors"), "a", {2, 2}) ==
        std::vector<std::uint32_t>{1, 2, 1, 2});
}

TEST_CASE("tensors may be written in pieces, in any order") {
  temporary_folder const out;
  census::safetensors_writer writer(out / "x.safetensors", {{"a", "I64", {3}}, {"b", "F64", {1}}});
  std::vector<std::int64_t> const a{1, -2, 3};
  std::vector<double> const b{0.5};
  writer.append("a", std::span(a).first(1));
  writer.append("b", std::span(b));
  writer.append("a", std::span(a).subspan(1));
  CHECK_FALSE(std::filesystem::exists(out / "x.safetensors"));
  writer.commit();
  census::safetensors_file const file(out / "x.safetensors");
  CHECK(census_test::read_tensor<std::int64_t>(file, "a", {3}) == a);
  CHECK(census_test::read_tensor<double>(file, "b", {1}) == b);
  CHECK_THROWS_AS(census::safetensors_writer(out / "y.safetensors", {{"a", "I3", {1}}}), std::invalid_argument);
}
