// SPDX-License-Identifier: MIT
#pragma once

#include <census/error.hpp>
#include <census/json.hpp>
#include <census/weights/detail/byte_reader.hpp>
#include <census/weights/mapped_file.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace census {

/// A file stored in a zip archive: a view into the archive's mapping.
struct zip_entry {
  std::string_view name;
  std::span<std::byte const> bytes;
};

/// The entries of a zip archive whose entries are stored, not compressed, by name; views into the mapping, which the
/// handle keeps alive. Zip64 is read. The file is not trusted: the end record, the directory, the local headers and the
/// data descriptors have to agree with each other and with the file, and no two parts may overlap. Checksums are not
/// computed. Throws bad_input naming the file, the entry and the cause; an archive with a comment is refused.
class zip_archive {
 public:
  explicit zip_archive(mapped_file file) : file_(std::move(file)) {
    auto const end = find_directory();
    byte_reader directory(file_.bytes().subspan(end.offset, end.size), file_.place(), "the archive's directory");
    std::vector<listed> entries;
    while (directory.left() > 0) entries.push_back(read_listed(directory));
    if (entries.size() != end.entries)
      refuse("the directory has " + std::to_string(entries.size()) + " entries, its end record says " +
             std::to_string(end.entries));
    std::ranges::sort(entries, {}, &listed::offset);
    std::uint64_t covered = 0;
    for (auto const& entry : entries) {
      if (entry.offset < covered) refuse(entry.name, "overlaps another entry");
      if (entry.offset > end.offset) refuse(entry.name, "lies outside the archive");
      auto const part = file_.bytes().first(end.offset).subspan(entry.offset);
      byte_reader local(part, file_.place(), "entry " + escaped_name(entry.name));
      entries_.push_back({entry.name, read_stored(entry, local)});
      covered = end.offset - local.left();
    }
    std::ranges::sort(entries_, {}, &zip_entry::name);
    auto const twice = std::ranges::adjacent_find(entries_, {}, &zip_entry::name);
    if (twice != entries_.end()) refuse(twice->name, "is in the archive twice");
  }

  mapped_file const& file() const { return file_; }

  /// All entries, ascending by name.
  std::span<zip_entry const> entries() const { return entries_; }

  /// The entry of that name, or nullptr.
  zip_entry const* find(std::string_view name) const {
    auto const found = std::ranges::lower_bound(entries_, name, {}, &zip_entry::name);
    return found != entries_.end() && found->name == name ? &*found : nullptr;
  }

 private:
  static constexpr std::uint32_t in_zip64 = 0xffff'ffff;  // the value is in the zip64 record or field
  static constexpr unsigned known_flags = 0x080e;         // two of compression, data descriptor, names in UTF-8
  static constexpr unsigned has_descriptor = 0x0008;

  struct directory_place {
    std::uint64_t offset, size, entries;
  };

  // An entry as the directory lists it.
  struct listed {
    std::string_view name;
    std::uint32_t checksum;
    std::uint64_t size, offset;
  };

  [[noreturn]] void refuse(std::string const& cause) const { throw bad_input(file_.place(), cause); }
  [[noreturn]] void refuse(std::string_view entry, std::string const& cause) const {
    refuse("entry " + escaped_name(entry) + ": " + cause);
  }

  directory_place find_directory() const {
    auto const bytes = file_.bytes();
    auto const no_end = "has no end record of a zip archive: it was cut short, or is none";
    if (bytes.size() < 22) refuse(no_end);
    byte_reader record(bytes.last(22), file_.place(), "the end record");
    if (record.number<std::uint32_t>() != 0x06054b50) refuse(no_end);
    std::uint64_t disks = record.number<std::uint32_t>();
    std::uint64_t const here = record.number<std::uint16_t>(), entries = record.number<std::uint16_t>();
    std::uint64_t const size = record.number<std::uint32_t>(), offset = record.number<std::uint32_t>();
    if (record.number<std::uint16_t>() != 0) refuse(no_end);
    directory_place found{offset, size, entries};
    std::uint64_t end = bytes.size() - 22, entries_here = here;
    if (end >= 20) {
      byte_reader locator(bytes.subspan(end - 20, 20), file_.place(), "the zip64 locator");
      if (locator.number<std::uint32_t>() == 0x07064b50) {
        std::uint64_t const first_disk = locator.number<std::uint32_t>(), at = locator.number<std::uint64_t>();
        if (at > end - 20) refuse("the zip64 end record lies outside the archive");
        byte_reader large(bytes.subspan(at, end - 20 - at), file_.place(), "the zip64 end record");
        if (large.number<std::uint32_t>() != 0x06064b50) refuse("the zip64 end record is not where its locator says");
        auto const said = large.number<std::uint64_t>();
        if (said != large.left()) refuse("the zip64 end record has another size than it says");
        large.take(4);  // versions
        disks |= first_disk | large.number<std::uint64_t>();
        entries_here = large.number<std::uint64_t>(), found.entries = large.number<std::uint64_t>();
        found.size = large.number<std::uint64_t>(), found.offset = large.number<std::uint64_t>();
        if ((entries != 0xffff && entries != found.entries) || (size != in_zip64 && size != found.size) ||
            (offset != in_zip64 && offset != found.offset))
          refuse("the end record and the zip64 end record contradict each other");
        end = at;
      }
    }
    if (disks != 0 || entries_here != found.entries) refuse("is one of several parts of an archive");
    if (found.offset > end || found.size != end - found.offset)
      refuse("the archive's directory is not where its end record says: bytes are missing, or too many");
    return found;
  }

  // Where a 32-bit value says so, the value in the zip64 field of the extra data takes its place, in this order.
  template <class... Values>
  void read_zip64(std::string_view entry, std::span<std::byte const> extra, Values&... values) const {
    if (((values != in_zip64) && ...)) return;
    byte_reader fields(extra, file_.place(), "entry " + escaped_name(entry) + ": its extra data");
    while (fields.left() > 0) {
      auto const kind = fields.number<std::uint16_t>(), size = fields.number<std::uint16_t>();
      byte_reader field(fields.take(size), file_.place(), "entry " + escaped_name(entry) + ": its zip64 field");
      if (kind != 1) continue;
      ((values = values == in_zip64 ? field.number<std::uint64_t>() : values), ...);
      return;
    }
    refuse(entry, "its zip64 field is missing");
  }

  void check_kind(std::string_view entry, unsigned flags, unsigned method) const {
    if ((flags & 1) != 0) refuse(entry, "is encrypted");
    if (method != 0) refuse(entry, "is compressed; only stored entries are read, as torch.save writes them");
    if ((flags & ~known_flags) != 0) refuse(entry, "has flags that are not known");
  }

  listed read_listed(byte_reader& directory) const {
    if (directory.number<std::uint32_t>() != 0x02014b50) refuse("the archive's directory is malformed");
    directory.take(4);  // versions
    unsigned const flags = directory.number<std::uint16_t>(), method = directory.number<std::uint16_t>();
    directory.take(4);  // time
    listed entry{.name = {}, .checksum = directory.number<std::uint32_t>(), .size = 0, .offset = 0};
    std::uint64_t packed = directory.number<std::uint32_t>();
    entry.size = directory.number<std::uint32_t>();
    auto const name = directory.number<std::uint16_t>(), extra = directory.number<std::uint16_t>(),
               comment = directory.number<std::uint16_t>(), disk = directory.number<std::uint16_t>();
    directory.take(6);  // attributes
    entry.offset = directory.number<std::uint32_t>();
    entry.name = directory.text(name);
    check_kind(entry.name, flags, method);
    read_zip64(entry.name, directory.take(extra), entry.size, packed, entry.offset);
    directory.take(comment);
    if (disk != 0) refuse(entry.name, "lies in another part of an archive");
    if (packed != entry.size)
      refuse(entry.name, "is stored, yet has " + std::to_string(packed) + " bytes for " + std::to_string(entry.size));
    return entry;
  }

  // The entry's bytes; `local` starts at its header and is left behind its last byte.
  std::span<std::byte const> read_stored(listed const& entry, byte_reader& local) const {
    if (local.number<std::uint32_t>() != 0x04034b50) refuse(entry.name, "is not where the directory says");
    local.take(2);  // version
    unsigned const flags = local.number<std::uint16_t>(), method = local.number<std::uint16_t>();
    local.take(4);  // time
    auto const checksum = local.number<std::uint32_t>();
    std::uint64_t packed = local.number<std::uint32_t>(), size = local.number<std::uint32_t>();
    auto const name = local.number<std::uint16_t>(), extra = local.number<std::uint16_t>();
    if (local.text(name) != entry.name) refuse(entry.name, "has another name at its place than in the directory");
    check_kind(entry.name, flags, method);
    read_zip64(entry.name, local.take(extra), size, packed);
    bool const later = (flags & has_descriptor) != 0;
    if (!(later && packed == 0 && size == 0 && checksum == 0) &&
        (packed != entry.size || size != entry.size || checksum != entry.checksum))
      refuse(entry.name, "has " + std::to_string(size) + " bytes by its own header, " + std::to_string(entry.size) +
                             " by the directory, or another checksum");
    auto const bytes = local.take(entry.size);
    if (later) check_descriptor(entry, local);
    return bytes;
  }

  // The data descriptor behind an entry: its sizes have 8 bytes in some archives, 4 in the others.
  void check_descriptor(listed const& entry, byte_reader& local) const {
    auto const agrees = [&]<class Size>(Size) {
      byte_reader descriptor = local;
      if (descriptor.left() < 8 + 2 * sizeof(Size)) return false;
      bool const same = descriptor.number<std::uint32_t>() == 0x08074b50 &&
                        descriptor.number<std::uint32_t>() == entry.checksum &&
                        descriptor.number<Size>() == entry.size && descriptor.number<Size>() == entry.size;
      if (same) local = descriptor;
      return same;
    };
    if (!agrees(std::uint64_t{}) && !agrees(std::uint32_t{}))
      refuse(entry.name, "the size behind its data is not the " + std::to_string(entry.size) + " of the directory");
  }

  mapped_file file_;
  std::vector<zip_entry> entries_;
};

}  // namespace census
