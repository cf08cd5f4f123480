// SPDX-License-Identifier: MIT
#pragma once

#include <census/corpus/detail/text_folder.hpp>
#include <census/corpus/detail/text_format.hpp>
#include <census/error.hpp>
#include <census/ignored.hpp>
#include <census/named_path.hpp>
#include <census/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <system_error>
#include <vector>

namespace census {

/// The files of a domain that wait to be read, in order.
struct text_domain {
  struct file {
    std::filesystem::path path;
    bool is_from_folder = false;
  };
  std::string name;
  std::deque<file> files;
};

/// The domains that a list of [NAME=]PATH gives; paths of one name are one domain. Bytes of a name that are no UTF-8
/// are escaped as \xXX in it, so that every file of results can hold it. Throws bad_input naming the path where it is
/// missing, names no domain, is given twice, or of a format that is not read.
inline std::vector<text_domain> find_texts(std::vector<std::string> const& paths, ignored& passed_over) {
  namespace fs = std::filesystem;
  std::vector<text_domain> domains;
  std::set<file_identity> known;
  for (std::string const& argument : paths) {
    auto const [told, path, is_named] = split_named_path(argument);
    std::error_code status;
    if (!fs::exists(path, status)) throw bad_input(path.string(), "there is no such file or folder");
    bool const is_folder = fs::is_directory(path, status);
    std::string const name = well_formed(is_named    ? told
                                         : is_folder ? fs::weakly_canonical(path, status).filename().string()
                                                     : kind_of_text_file(path).stem);
    if (name.empty()) throw bad_input(argument, "names no domain");

    auto domain = std::ranges::find(domains, name, &text_domain::name);
    if (domain == domains.end()) domain = domains.insert(domains.end(), {name, {}});
    if (domains.size() > std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1)
      throw bad_input(argument, "there are too many domains");
    for (fs::path const& file : is_folder ? text_files_below(path, passed_over) : std::vector{path}) {
      kind_of_text_file(file);  // refuses what is not read
      if (!known.insert(identity_of(file)).second) throw bad_input(file.string(), "the same text is given twice");
      domain->files.push_back({file, is_folder});
    }
  }
  return domains;
}

}  // namespace census
