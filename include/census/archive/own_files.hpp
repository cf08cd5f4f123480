// SPDX-License-Identifier: MIT
#pragma once

#include <census/archive/detail/folder_lock.hpp>
#include <census/archive/new_file.hpp>
#include <census/archive/whole_file.hpp>
#include <census/error.hpp>
#include <census/json.hpp>
#include <census/read_file.hpp>
#include <census/version.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace census {

/// A folder of results, held against other programs as long as the object lives, and which of the files in it are this
/// program's own: those that the record of an earlier run lists ("files" of run.json). Only these are replaced or
/// removed. What any other program or person put there stays; where it is in the way, it is refused by name. A folder
/// that it made and that nothing came into goes with it, and so do the folders around it that it made.
class own_files {
 public:
  /// Makes the folder where it is missing. `record` is the file that lists what a run wrote; `may_write` says of a
  /// name whether such runs write it: names that a spoiled record lists beyond these are none of ours. Throws bad_input
  /// naming the folder that cannot be made or is held by another run, or a record that no run wrote. The first records
  /// listed no files: beside such a one all that may_write is ours, unless `always_lists` says that there never was
  /// one.
  own_files(std::filesystem::path folder, std::string record, std::function<bool(std::string_view)> may_write,
            bool always_lists = false)
      : folder_(std::move(folder)), first_made_(make_folder()), lock_(folder_), record_(std::move(record)),
        may_write_(std::move(may_write)), always_lists_(always_lists) {
    for (auto const& name : {record_, unfinished()}) read_record(folder_ / name);
    remove_pieces();
  }
  own_files(own_files const&) = delete;
  own_files& operator=(own_files const&) = delete;
  ~own_files() {
    if (first_made_.empty()) return;
    lock_.remove_mark();
    std::error_code not_empty;
    for (auto made = without_slash(folder_); std::filesystem::remove(made, not_empty) && made != first_made_;)
      made = made.parent_path();
  }

  std::filesystem::path const& path() const { return folder_; }

  /// What a run should say of how the folder is held; empty where there is nothing to say.
  std::string warning() const { return lock_.warning(); }

  /// The path of a file that is to be written. Throws bad_input naming it where another's file is there.
  std::filesystem::path claim(std::string const& name) {
    refuse_another_s(name);
    claimed_.insert(name);
    return folder_ / name;
  }

  /// What was claimed is not written after all; one that an earlier run wrote goes.
  void give_up(std::string const& name) { claimed_.erase(name); }

  /// What was claimed so far, for the record; ascending.
  std::set<std::string> const& claimed() const { return claimed_; }

  /// Before the first file is put in place: from here on until finished(), the folder has no record, so that it does
  /// not look complete, and lists in unfinished-RECORD what is ours. Own files of the run before that were not claimed
  /// go. Throws bad_input naming a file that came into the way since it was claimed.
  void begin_replacing() {
    for (auto const& name : claimed_) refuse_another_s(name);
    whole_file list(folder_ / unfinished());
    auto all = claimed_;
    all.insert(own_.begin(), own_.end());
    list.stream() << nlohmann::ordered_json{{"census", version}, {"files", all}}.dump(2) << '\n';
    list.commit();
    std::error_code ignored;
    std::filesystem::remove(folder_ / record_, ignored);
    for (auto const& name : own_)
      if (!claimed_.contains(name) && std::filesystem::symlink_status(folder_ / name, ignored).type() == regular)
        std::filesystem::remove(folder_ / name, ignored);
  }

  /// After the record has been put in place, the last of all files.
  void finished() {
    std::error_code ignored;
    std::filesystem::remove(folder_ / unfinished(), ignored);
    own_ = claimed_;
  }

 private:
  static constexpr auto regular = std::filesystem::file_type::regular;

  std::string unfinished() const { return "unfinished-" + record_; }

  /// A path that ends in a slash has itself as parent.
  static std::filesystem::path without_slash(std::filesystem::path const& path) {
    return path.has_filename() ? path : path.parent_path();
  }

  /// The outermost folder that was not there before; empty where all were.
  std::filesystem::path make_folder() const {
    std::error_code error;
    std::filesystem::path first;
    for (auto missing = without_slash(folder_); !missing.empty() && !std::filesystem::exists(missing, error);
         missing = missing.parent_path())
      first = missing;
    std::filesystem::create_directories(folder_, error);
    if (error) throw bad_input(folder_.string(), "the folder cannot be made: " + error.message());
    return first;
  }

  bool is_there(std::string const& name) const {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::symlink_status(folder_ / name, ignored));
  }

  void refuse_another_s(std::string const& name) const {
    if (is_there(name) && !own_.contains(name))
      throw bad_input((folder_ / name).string(), "is in the way, and no " + record_ +
                                                     " beside it says that a census wrote it; nothing is replaced");
  }

  void read_record(std::filesystem::path const& path) {
    std::error_code ignored;
    auto const there = std::filesystem::symlink_status(path, ignored);
    if (!std::filesystem::exists(there)) return;
    if (!std::filesystem::is_regular_file(there)) throw bad_input(path.string(), "is in the way: no regular file");
    auto const json = parse_json(read_file(path), path.string());
    if (!json.is_object() || !json.contains("census") || (always_lists_ && !json.contains("files")))
      throw bad_input(path.string(), "is in the way: no census wrote it; nothing is replaced");
    own_.insert(path.filename().string());
    if (auto const listed = json.find("files"); listed == json.end())
      for (auto const& entry : std::filesystem::directory_iterator(folder_, ignored)) own(entry.path().filename());
    else if (listed->is_array())
      for (auto const& name : *listed)
        if (name.is_string()) own(name.get<std::string>());
  }
  void own(std::string const& name) {
    if (may_write_(name)) own_.insert(name);
  }

  // What a killed run left: the beginnings of its files, under names of their own.
  void remove_pieces() const {
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator(folder_, ignored)) {
      auto const name = entry.path().filename().string();
      auto const written = new_file::written_beside(name);
      if (entry.symlink_status(ignored).type() == regular &&
          (written == record_ || written == unfinished() || may_write_(written)))
        std::filesystem::remove(entry.path(), ignored);
    }
  }

  std::filesystem::path folder_;
  std::filesystem::path first_made_;
  detail::folder_lock lock_;
  std::string record_;
  std::function<bool(std::string_view)> may_write_;
  bool always_lists_;
  std::set<std::string> own_, claimed_;
};

}  // namespace census
