// SPDX-License-Identifier: MIT
#include <census/weights/checkpoint.hpp>

#include "checkpoint_files.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

// What opening a file of these bytes says, after the file's name.
std::string safetensors_complaint(std::string const& bytes) {
  temporary_folder folder;
  auto const path = folder.path() / "model.safetensors";
  write_bytes(path, bytes);
  return census_test::complaint_about(path, [&] { census::safetensors_file{path}; });
}

std::string entry(std::string const& name, std::string const& dtype, std::string const& shape,
                  std::string const& offsets) {
  std::string text = "\"";
  text.append(name).append("\":{\"dtype\":\"").append(dtype).append("\",\"shape\":").append(shape);
  return text.append(",\"data_offsets\":").append(offsets).append("}");
}
std::string safetensors_complaint(std::vector<std::string> const& entries, std::size_t bytes_of_data) {
  std::string header = "{";
  for (auto const& one : entries) header.append(header.size() == 1 ? "" : ",").append(one);
  return safetensors_complaint(safetensors_bytes(header.append("}"), std::string(bytes_of_data, '\0')));
}

}  // namespace

TEST_CASE("a safetensors file gives its tensors by name, in place") {
  temporary_folder folder;
  write_bytes(folder.path() / "model.safetensors",
              safetensors_bytes({{"b", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a", {}, {7}}, {"none", {0, 4}, {}}}));
  auto const files = census::open_checkpoint(folder.path());
  REQUIRE(files.tensors().size() == 3);
  CHECK(files.at("b").shape == std::vector<std::size_t>{2, 3});
  CHECK(files.at("b").type == census::dtype::float32);
  std::vector<float> values(6);
  to_float32(files.at("b"), 0, values);
  CHECK(values == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(files.at("a").elements() == 1);
  CHECK(files.at("none").elements() == 0);
  CHECK(files.find("c") == nullptr);
  CHECK_THROWS_WITH(files.at("c"), (folder.path() / "model.safetensors").string() + ": tensor \"c\" is missing");
}

TEST_CASE("a header that does not fit its file is refused") {
  CHECK(safetensors_complaint("") == "is too short to be a safetensors file");
  CHECK(safetensors_complaint("version https://git-lfs.github.com/spec/v1\noid sha256:0\n") ==
        "is Git LFS's pointer to the file, not the file itself; `git lfs pull` fetches it");
  CHECK(safetensors_complaint("1234567") == "is too short to be a safetensors file");
  CHECK(safetensors_complaint(std::string("\x09\0\0\0\0\0\0\0{}", 10)) ==
        "the header should have 9 bytes, but the file has only 2 after the header's length");
  CHECK(safetensors_complaint(std::string(8, '\xff') + "{}") ==
        "the header should have 18446744073709551615 bytes, but the file has only 2 after the header's length");
}

TEST_CASE("a header that is no JSON of the format is refused") {
  CHECK(safetensors_complaint(safetensors_bytes("{\"a\":", "")).starts_with("malformed JSON at byte "));
  CHECK(safetensors_complaint(safetensors_bytes(std::string(5000, '['), "")) == "the JSON is nested too deeply");
  CHECK(safetensors_complaint(safetensors_bytes("[]", "")) == "the header is no JSON object");
  CHECK(safetensors_complaint(safetensors_bytes("{\"a\":1e999}", "")) == "malformed JSON: a number is out of range");
  CHECK(safetensors_complaint(safetensors_bytes("{\"a\":3}", "")) ==
        "tensor \"a\": should have dtype, shape and data_offsets");
  auto const one = entry("a", "F32", "[1]", "[0,4]");
  CHECK(safetensors_complaint({one, one}, 4) == "the JSON has the key \"a\" twice");
  CHECK(safetensors_complaint({entry("a", "F32", "[-1]", "[0,4]")}, 4) ==
        "tensor \"a\": its shape is no list of sizes");
  CHECK(safetensors_complaint({entry("a", "F32", "[1.5]", "[0,4]")}, 4) ==
        "tensor \"a\": its shape is no list of sizes");
  CHECK(safetensors_complaint({entry("a", "F32", "[1]", "[0]")}, 4) ==
        "tensor \"a\": its data_offsets are no pair of offsets");
}

TEST_CASE("offsets that leave the file, overlap or leave holes are refused") {
  CHECK(safetensors_complaint({entry("a", "F32", "[2]", "[0,8]")}, 4) ==
        "tensor \"a\": its data_offsets 0, 8 are outside the file's 4 bytes of data");
  CHECK(safetensors_complaint({entry("a", "F32", "[1]", "[4,0]")}, 4) ==
        "tensor \"a\": its data_offsets 4, 0 are outside the file's 4 bytes of data");
  CHECK(safetensors_complaint({entry("a", "F32", "[1]", "[18446744073709551612,18446744073709551615]")}, 4)
            .find("are outside") != std::string::npos);
  CHECK(safetensors_complaint({entry("a", "F32", "[1]", "[0,4]"), entry("b", "F32", "[1]", "[2,6]")}, 6) ==
        "tensor \"b\": its data_offsets overlap those of another tensor");
  CHECK(safetensors_complaint({entry("a", "F32", "[1]", "[0,4]"), entry("b", "F32", "[1]", "[6,10]")}, 10) ==
        "tensor \"b\": the bytes before its data belong to no tensor");
  CHECK(safetensors_complaint({entry("a", "F32", "[1]", "[0,4]")}, 6) == "the last 2 bytes belong to no tensor");
}

TEST_CASE("a shape that does not fit its offsets is refused") {
  CHECK(safetensors_complaint({entry("a", "F32", "[3]", "[0,8]")}, 8) ==
        "tensor \"a\": its shape needs 12 bytes, its data_offsets hold 8");
  CHECK(safetensors_complaint({entry("a", "F16", "[2]", "[0,8]")}, 8) ==
        "tensor \"a\": its shape needs 4 bytes, its data_offsets hold 8");
  CHECK(safetensors_complaint({entry("a", "F32", "[4294967296,4294967296]", "[0,0]")}, 0) ==
        "tensor \"a\": its shape is too large");
  CHECK(safetensors_complaint({entry("a", "F32", "[0,4294967296,4294967296]", "[0,0]")}, 0) == "nothing");
}

TEST_CASE("tensors of newer types, and newer keys beside what is known of a tensor, keep nobody from the rest") {
  temporary_folder folder;
  auto const path = folder.path() / "model.safetensors";
  std::string const checksum = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"crc":7,"by":"x"})";
  std::string const header =
      "{" + checksum + "," + entry("b", "F4", "[7]", "[4,8]") + "," + entry("c", "F32", "[1]", "[8,12]") + "}";
  write_bytes(path, safetensors_bytes(header, std::string(12, '\0')));
  auto const files = census::open_checkpoint(folder.path());
  CHECK(files.at("a").elements() == 1);
  CHECK(files.at("b").type == census::dtype::unknown);
  CHECK(files.at("b").bytes.size() == 4);
  CHECK(files.at("b").elements() == 0);
  std::vector<float> value(1);
  CHECK_THROWS_AS(to_float32(files.at("b"), 0, value), std::invalid_argument);
  CHECK_NOTHROW(to_float32(files.at("c"), 0, value));
  REQUIRE(files.ignored().kinds().size() == 1);
  CHECK(files.ignored().kinds()[0].count == 2);
  CHECK(files.ignored().kinds()[0].places == std::vector<std::string>{path.string() + ": tensor \"a\""});

  // Their places in the file are checked all the same.
  CHECK(safetensors_complaint({entry("a", "F4", "[1]", "[0,8]")}, 4).find("are outside") != std::string::npos);
  CHECK(safetensors_complaint({entry("a", "F4", "[1]", "[0,4]"), entry("b", "F32", "[1]", "[2,6]")}, 6) ==
        "tensor \"b\": its data_offsets overlap those of another tensor");
}
