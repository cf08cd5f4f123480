// SPDX-License-Identifier: MIT
#include <census/weights/detail/zip_archive.hpp>

#include "checkpoint_files.hpp"
#include "zip_bytes.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <string>
#include <vector>

namespace {

// What opening an archive of these bytes says, after the file's name.
std::string zip_complaint(std::string const& bytes) {
  temporary_folder folder;
  auto const path = folder.path() / "a.zip";
  write_bytes(path, bytes);
  return census_test::complaint_about(path, [&] { census::zip_archive{census::mapped_file(path)}; });
}

std::string zip_complaint(std::vector<zipped> const& entries, zip_end const& end = {}) {
  return zip_complaint(zip_bytes(entries, end));
}

std::string const no_end = "has no end record of a zip archive: it was cut short, or is none";

}  // namespace

TEST_CASE("a zip archive gives its stored entries by name, in place") {
  for (bool const zip64 : {false, true}) {
    temporary_folder folder;
    auto const path = folder.path() / "a.zip";
    std::vector<zipped> const stored{{.name = "b", .bytes = "second"},
                                     {.name = "a", .bytes = "first", .flags = 8},
                                     {.name = "empty", .bytes = "", .flags = 8},
                                     {.name = "folder/", .bytes = ""}};
    write_bytes(path, zip_bytes(stored, {.zip64 = zip64}));
    census::zip_archive const archive{census::mapped_file(path)};
    REQUIRE(archive.entries().size() == 4);
    auto const* entry = archive.find("b");
    REQUIRE(entry != nullptr);
    CHECK(archive.file().text().substr(static_cast<std::size_t>(entry->bytes.data() - archive.file().bytes().data()),
                                       entry->bytes.size()) == "second");
    CHECK(archive.find("a")->bytes.size() == 5);
    CHECK(archive.find("empty")->bytes.empty());
    CHECK(archive.find("c") == nullptr);
  }
  CHECK(zip_complaint(std::vector<zipped>{}) == "nothing");
}

TEST_CASE("sizes in zip64 fields are read") {
  std::uint64_t const in_zip64 = 0xffffffff;
  zipped entry{.name = "a", .bytes = "12345", .directory_size = in_zip64, .directory_offset = in_zip64};
  entry.directory_extra =
      number(7, 2) + number(2, 2) + "xx" + number(1, 2) + number(24, 2) + number(5, 8) + number(5, 8) + number(0, 8);
  CHECK(zip_complaint({entry}) == "nothing");
  entry.local_size = in_zip64, entry.local_extra = number(1, 2) + number(16, 2) + number(5, 8) + number(5, 8);
  CHECK(zip_complaint({entry}) == "nothing");
  entry.local_extra = number(1, 2) + number(16, 2) + number(6, 8) + number(6, 8);
  CHECK(zip_complaint({entry}).starts_with("entry \"a\": has 6 bytes by its own header, 5 by the directory"));
  entry.local_extra = number(1, 2) + number(8, 2) + number(5, 8);
  CHECK(zip_complaint({entry}) == "entry \"a\": its zip64 field is cut short");
  entry.directory_extra = number(1, 2) + number(24, 2) + number(5, 8);
  CHECK(zip_complaint({entry}) == "entry \"a\": its extra data is cut short");
  entry.directory_extra = "";
  CHECK(zip_complaint({entry}) == "entry \"a\": its zip64 field is missing");
  entry.directory_extra = number(1, 2) + number(24, 2) + number(~0ull, 8) + number(~0ull, 8) + number(~0ull, 8);
  CHECK(zip_complaint({entry}) == "entry \"a\": lies outside the archive");
}

TEST_CASE("compressed and encrypted entries are refused by name") {
  CHECK(zip_complaint({{.name = "w/data/0", .bytes = "x", .method = 8}}) ==
        "entry \"w/data/0\": is compressed; only stored entries are read, as torch.save writes them");
  CHECK(zip_complaint({{.name = "a\n", .bytes = "x", .flags = 1}}) == "entry \"a\\n\": is encrypted");
  CHECK(zip_complaint({{.name = "a", .bytes = "x", .flags = 0x2000}}) == "entry \"a\": has flags that are not known");
}

TEST_CASE("entries that lie about their size are refused by name") {
  CHECK(zip_complaint({{.name = "a", .bytes = "12345", .directory_size = 4}}) ==
        "entry \"a\": has 5 bytes by its own header, 4 by the directory, or another checksum");
  CHECK(zip_complaint({{.name = "a", .bytes = "12345", .local_size = 6}}) ==
        "entry \"a\": has 6 bytes by its own header, 5 by the directory, or another checksum");
  CHECK(zip_complaint({{.name = "a", .bytes = "12345", .directory_size = 7, .flags = 8}}) ==
        "entry \"a\": the size behind its data is not the 7 of the directory");
  CHECK(zip_complaint({{.name = "a", .bytes = "12345", .descriptor_size = 6, .flags = 8}}) ==
        "entry \"a\": the size behind its data is not the 5 of the directory");
  CHECK(zip_complaint({{.name = "a", .bytes = "12345", .directory_packed = 4}}) ==
        "entry \"a\": is stored, yet has 4 bytes for 5");
  CHECK(zip_complaint({{.name = "a", .bytes = "12345", .directory_size = 500000, .local_size = 500000}}) ==
        "entry \"a\" is cut short");
}

TEST_CASE("entries that overlap, or are not where the directory says, are refused by name") {
  std::string const inner = zip_bytes({{.name = "b", .bytes = "12345"}});  // begins with a local header of its own
  CHECK(zip_complaint({{.name = "a", .bytes = inner}, {.name = "b", .bytes = "12345", .directory_offset = 31}}) ==
        "entry \"b\": overlaps another entry");
  CHECK(zip_complaint({{.name = "a", .bytes = "1"}, {.name = "a", .bytes = "2", .directory_offset = 0}}) ==
        "entry \"a\": overlaps another entry");
  CHECK(zip_complaint({{.name = "a", .bytes = "1"}, {.name = "a", .bytes = "2"}}) ==
        "entry \"a\": is in the archive twice");
  CHECK(zip_complaint({{.name = "a", .bytes = "1", .directory_offset = 1}}) ==
        "entry \"a\": is not where the directory says");
  CHECK(zip_complaint({{.name = "a", .bytes = "1", .directory_offset = 1000}}) ==
        "entry \"a\": lies outside the archive");
  CHECK(zip_complaint({{.name = "a", .bytes = "1", .local_name = "b"}}) ==
        "entry \"a\": has another name at its place than in the directory");
}

TEST_CASE("end records that lie are refused") {
  std::vector<zipped> const one{{.name = "a", .bytes = "12345"}};
  auto const misplaced = "the archive's directory is not where its end record says: bytes are missing, or too many";
  CHECK(zip_complaint("") == no_end);
  CHECK(zip_complaint(std::string(100, 'x')) == no_end);
  CHECK(zip_complaint(zip_bytes(one) + "comment") == no_end);
  CHECK(zip_complaint(one, {.entries = 2}) == "the directory has 1 entries, its end record says 2");
  CHECK(zip_complaint(one, {.entries = 0}) == "the directory has 1 entries, its end record says 0");
  CHECK(zip_complaint(one, {.size = 46}) == misplaced);
  CHECK(zip_complaint(one, {.offset = 0xfffffff0}) == misplaced);
  CHECK(zip_complaint(one, {.offset = 0, .zip64 = true}) == misplaced);
  CHECK(zip_complaint(one, {.entries = ~0ull, .zip64 = true}).starts_with("the directory has 1 entries"));
  CHECK(zip_complaint(one, {.zip64 = true, .record_at = 0}) == "the zip64 end record is not where its locator says");
  CHECK(zip_complaint(one, {.zip64 = true, .record_at = 5000}) == "the zip64 end record lies outside the archive");
  CHECK(zip_complaint("x" + zip_bytes(one)) == misplaced);
}

TEST_CASE("an archive that is cut short anywhere is refused") {
  auto const whole = zip_bytes({{.name = "a", .bytes = "12345"}, {.name = "b", .bytes = "67890", .flags = 8}});
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(zip_complaint(whole.substr(0, size)) == no_end);
}
