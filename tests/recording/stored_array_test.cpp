// SPDX-License-Identifier: MIT
#include <census/recording/recording_options.hpp>
#include <census/recording/stored_array.hpp>

#include "dumps.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <optional>
#include <string>

using namespace census_test;

TEST_CASE("an array is found by its name, which may be left out where there is but one") {
  temporary_folder folder;
  dumped const x{"x", "F32", {1}, stored_as("F32", {1})}, y{"y", "F32", {1}, stored_as("F32", {2})};
  auto const one = folder.write("one.safetensors", safetensors_of({x})),
             two = folder.write("two.safetensors", safetensors_of({x, y}));
  CHECK(census::find_array(census::open_tensors(one), one).name == "x");
  CHECK(census::find_array(census::open_tensors(two), {two, "y"}).name == "y");
  CHECK(complaint_about(two, [&] { census::find_array(census::open_tensors(two), two); }) ==
        "holds 2 tensors: which one, is to be told");
  CHECK(complaint_about(one, [&] {
          census::find_array(census::open_tensors(one), {one, "z"});
        }) == "tensor \"z\" is missing");
}

TEST_CASE("an option for an array takes a file, a file and a name, or nothing") {
  std::string const file = "ids.npy";
  census::recording_options const none, path{.tokens = std::filesystem::path(file)}, text{.tokens = file},
      literal{.tokens = "ids.npy", .mask = {"text.safetensors", "mask"}},
      named{.tokens = {std::filesystem::path(file), "ids"}, .mask = census::stored_array(file, "mask")},
      nothing{.tokens = std::nullopt, .mask = {}};
  for (auto const* options : {&none, &nothing}) CHECK_FALSE((options->tokens || options->mask));
  for (auto const* options : {&path, &text, &literal, &named}) CHECK(options->tokens->file == file);
  CHECK(path.tokens->name == "");
  CHECK(named.tokens->name == "ids");
  CHECK(named.mask->name == "mask");
  CHECK(literal.mask->file == "text.safetensors");
  CHECK(literal.mask->name == "mask");
}
