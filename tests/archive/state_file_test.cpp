// SPDX-License-Identifier: MIT
#include <census/archive/state_file.hpp>
#include <census/error.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace {

using value = std::map<std::string, std::vector<std::uint32_t>>;

std::string refusal(std::string const& path, std::string const& holds = "counts") {
  value restored{{"before", {}}};
  try {
    census::read_state(path, holds, restored);
  } catch (census::bad_input const& error) {
    CHECK(restored.contains("before"));
    std::string const message = error.what();
    REQUIRE(message.starts_with(path));
    return message.substr(path.size() + 2);
  }
  return "";
}

}  // namespace

TEST_CASE("A state that was written to a file is read back equal") {
  temporary_folder const folder;
  value const written{{"a", {1, 2, 3}}, {"", {}}};
  census::write_state(folder / "state.safetensors", "counts", written);
  value read;
  census::read_state(folder / "state.safetensors", "counts", read);
  CHECK(read == written);
}

TEST_CASE("A state file that is of something else, of another format, cut short or none is refused") {
  temporary_folder const folder;
  auto const path = folder / "state.safetensors";
  census::write_state(path, "counts", value{{"a", {1, 2, 3}}});
  CHECK(refusal(path, "tables") == "holds counts, not tables");

  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  CHECK(refusal(path).find("outside the file's") != std::string::npos);

  census::detail::state_label const later{.format = 2, .holds = "counts"};
  value const unlabelled;
  auto const stage = [&](census::stored_state const& state) {
    std::vector<census::safetensors_writer::declaration> tensors;
    for (auto const& [name, array] : state.arrays) tensors.push_back({name, array.type, {array.size}});
    census::safetensors_writer writer(path, tensors);
    for (auto const& [name, array] : state.arrays)
      array.write_to([&, &to = name](auto bytes) { writer.append_bytes(to, bytes); });
    writer.commit();
  };
  stage(census::store(later));
  CHECK(refusal(path) == "is of format 2; this program reads format 1");
  stage(census::store(unlabelled));
  CHECK(refusal(path) == "is no state that census stored");
}
