// SPDX-License-Identifier: MIT
#include <census/error.hpp>
#include <census/report/projections_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace {

census::layer_projections three_neurons() {
  return {2,
          {{5, 9, 9, 1, 5, 1}, {3, 2, 1.5f, 0, 1e-7f, 0}},
          {{1, 2, 5, 2, 9, 2}, {-3, -2, -1, -0.5f, 0, 0}},
          {{1, " one"}, {2, "\xff\n\""}, {5, ""}, {9, "</script>"}}};
}

/// What is said of a file whose tensors are these, all of them whole numbers.
std::string complaint_about_tensors(std::vector<census::safetensors_writer::declaration> const& tensors) {
  temporary_folder const folder;
  {
    census::safetensors_writer file(folder / "projections-0.safetensors", tensors);
    for (auto const& tensor : tensors) {
      std::uint64_t elements = 1;
      for (auto const extent : tensor.shape) elements *= extent;
      std::size_t const size = tensor.dtype == "U8" ? 1 : tensor.dtype == "I64" ? 8 : 4;
      file.append(tensor.name, std::span<char const>(std::vector<char>(elements * size)));
    }
    file.commit();
  }
  try {
    census::read_projections(folder / "projections-0.safetensors");
    return "";
  } catch (census::bad_input const& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("what neurons promote is read back as it was written, with the bytes of the tokens") {
  temporary_folder const folder;
  auto const path = folder / census::projections_file_name(12);
  CHECK(census::projections_file_name(12) == "projections-12.safetensors");
  census::stage_projections(path, three_neurons())->commit();
  CHECK(census::read_projections(path) == three_neurons());
}

TEST_CASE("a run tells projections where it lists a file of them") {
  census::run_record run;
  run.results = {"layers.csv", "run.json"};
  CHECK_FALSE(census::tells_projections(run));
  run.results.push_back("projections-3.safetensors");
  CHECK(census::tells_projections(run));
}

TEST_CASE("a file of projections that no census wrote is refused by name") {
  using tensors = std::vector<census::safetensors_writer::declaration>;
  tensors const good{{"promoted", "U32", {3, 2}},   {"promoted_scores", "F32", {3, 2}},
                     {"suppressed", "U32", {3, 2}}, {"suppressed_scores", "F32", {3, 2}},
                     {"tokens", "U32", {1}},        {"strings", "U8", {0}},
                     {"string_ends", "I64", {1}}};
  CHECK(complaint_about_tensors(good) == "");
  auto const refused = [&](std::size_t at, census::safetensors_writer::declaration other, std::string const& why) {
    auto spoiled = good;
    spoiled[at] = std::move(other);
    CHECK_THAT(complaint_about_tensors(spoiled),
               Catch::Contains("projections-0.safetensors: ") && Catch::Contains(why));
  };
  refused(0, {"other", "U32", {3, 2}}, "promoted");
  refused(0, {"promoted", "U32", {6}}, "1 dimensions");
  refused(0, {"promoted", "F32", {3, 2}}, "no integers");
  refused(1, {"promoted_scores", "U32", {3, 2}}, "promoted_scores holds no scores");
  refused(2, {"suppressed", "U32", {2, 3}}, "suppressed is not of the shape");
  refused(3, {"suppressed_scores", "F32", {3, 1}}, "suppressed_scores is not of the shape");
  refused(4, {"tokens", "U32", {2}}, "1 texts for 2 tokens");

  temporary_folder const folder;
  auto const path = folder / "projections-0.safetensors";
  auto no_number = three_neurons();
  no_number.promoted.scores[3] = std::numeric_limits<float>::quiet_NaN();
  census::stage_projections(path, no_number)->commit();
  CHECK_THROWS_WITH(census::read_projections(path), Catch::Contains("promoted_scores holds a score that is NaN"));
  CHECK_THROWS_AS(census::read_projections(folder / "none.safetensors"), census::bad_input);
}
