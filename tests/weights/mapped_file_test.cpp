// SPDX-License-Identifier: MIT
#include <census/weights/checkpoint.hpp>

#include "checkpoint_files.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace {

// The resident bytes of this process that come from files.
std::size_t resident_of_files() {
  std::size_t kilobytes = 0;
  if (std::FILE* status = std::fopen("/proc/self/status", "r")) {
    for (char line[256]; std::fgets(line, sizeof line, status) != nullptr;)
      if (std::sscanf(line, "RssFile: %zu kB", &kilobytes) == 1) break;
    std::fclose(status);
  }
  return kilobytes * 1024;
}

}  // namespace

TEST_CASE("what is no regular file is not mapped") {
  temporary_folder folder;
  CHECK_THROWS_WITH(census::mapped_file(folder.path()), folder.path().string() + ": is no regular file");
  auto const missing = folder.path() / "missing";
  CHECK_THROWS_WITH(census::mapped_file(missing), missing.string() + ": cannot be opened: No such file or directory");
  write_bytes(folder.path() / "empty", "");
  CHECK(census::mapped_file(folder.path() / "empty").bytes().empty());
}

TEST_CASE("what is dropped leaves memory, and reads the same afterwards") {
  temporary_folder folder;
  std::size_t const size = std::size_t{32} << 20;
  write_bytes(folder.path() / "file", std::string(size, 'x'));
  census::mapped_file const file(folder.path() / "file");
  auto const all_x = [&] { return std::ranges::all_of(file.text(), [](char c) { return c == 'x'; }); };
  file.advise_needed(file.bytes());
  CHECK(all_x());
  auto const before = resident_of_files();
  file.drop(file.bytes().subspan(5, size - 10));
  if (before > 0) CHECK(resident_of_files() + size / 2 < before);
  CHECK(all_x());
  CHECK_NOTHROW(file.drop(file.bytes().subspan(size)));
}

TEST_CASE("a file that is read piece by piece, each dropped before the next, leaves next to nothing in memory") {
  temporary_folder folder;
  std::size_t const size = std::size_t{32} << 20, piece = 100'000;  // less than two pieces at a time
  write_bytes(folder.path() / "file", std::string(size, 'x'));
  census::mapped_file const file(folder.path() / "file");
  auto const before = resident_of_files();
  for (std::size_t first = 0; first < size; first += piece) {
    auto const part = file.bytes().subspan(first, std::min(piece, size - first));
    CHECK(std::ranges::all_of(part, [](std::byte byte) { return byte == std::byte{'x'}; }));
    file.drop(part);
  }
  CHECK(resident_of_files() <= before + (std::size_t{1} << 20));
}

TEST_CASE("only bytes of the mapping can be dropped or asked for") {
  temporary_folder folder;
  write_bytes(folder.path() / "model.safetensors", safetensors_bytes({{"a", {2}, {1, 2}}}));
  auto const files = census::open_checkpoint(folder.path());
  std::string const elsewhere = "other bytes";
  auto const bytes = std::as_bytes(std::span(elsewhere));
  CHECK_THROWS_AS(files.drop(bytes), std::out_of_range);
  CHECK_THROWS_AS(files.files()[0].advise_needed(bytes), std::out_of_range);
  auto const whole = files.files()[0].bytes();
  CHECK_THROWS_AS(files.drop({whole.data(), whole.size() + 1}), std::out_of_range);
  CHECK_NOTHROW(files.drop(files.at("a").bytes));
  CHECK_NOTHROW(files.advise_needed(files.at("a").bytes));
}

TEST_CASE("a file that is written to or cut short while it is mapped is told by name, one that takes its name is not") {
  temporary_folder folder;
  auto const path = folder.path() / "file";
  auto const complaint = [&](auto change) {
    write_bytes(path, "bytes");
    census::mapped_file const file(path);
    file.check_unchanged();
    change();
    return census_test::complaint_about(path, [&] { file.check_unchanged(); });
  };
  std::string const changed = "the file changed while it was read";
  CHECK(complaint([&] { std::filesystem::resize_file(path, 3); }) == changed);
  CHECK(complaint([&] { std::filesystem::resize_file(path, 9); }) == changed);
  CHECK(complaint([&] {
          auto const time = std::filesystem::last_write_time(path);
          write_bytes(path, "bites");
          std::filesystem::last_write_time(path, time + std::chrono::seconds(2));
        }) == changed);
  CHECK(complaint([&] {
          write_bytes(folder.path() / "other", "of another length");
          std::filesystem::rename(folder.path() / "other", path);
        }) == "nothing");
  CHECK(complaint([&] { std::filesystem::remove(path); }) == "nothing");
}
