// SPDX-License-Identifier: MIT
#pragma once

#include <census/activation/block.hpp>
#include <census/archive/new_file.hpp>
#include <census/archive/state_file.hpp>
#include <census/error.hpp>
#include <census/statistic/layer_result.hpp>
#include <census/survey/detail/is_unfinished_file.hpp>
#include <census/survey/interrupts.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace census {

struct snapshot_options {
  std::filesystem::path folder;  ///< a folder of their own, which is made; its files are removed in the end
  std::chrono::milliseconds every{
      std::chrono::minutes(10)};  ///< between two snapshots; 0: only when the run is interrupted
  /// What is run on what, by name: a run is resumed by one that says the same.
  std::vector<std::pair<std::string, std::string>> run = {};
  bool resume = false;
  /// Called on another thread when one of the signals of interrupts came and a snapshot was taken, with the signal and
  /// what kept the snapshot from being taken, which is empty where nothing did. It is to end the process. Without it,
  /// signals do what they always do; so they do, too, where they come too late, when the census is at its end.
  std::function<void(int signal, std::string const& problem)> when_interrupted = {};
};

/// A census that is under way, kept on the disk, so that it can be gone on with whenever it ends: the results of the
/// layers that are finished, and from time to time a snapshot of all else. Files appear whole, and a snapshot goes only
/// once the next one has reached the disk.
///
///     census::census_snapshots snapshots({.folder = out / "unfinished", .run = {{"model", "..."}, ...}});
///     auto run = census::take_census(model, corpus, plan, snapshots);
///     ...
///     snapshots.remove();  // once the results are in their place
class census_snapshots {
 public:
  /// Throws bad_input where the folder holds an unfinished run and none is to be resumed, or another one than that, or
  /// files in the way that no census wrote, and naming it where it cannot be made or written.
  explicit census_snapshots(snapshot_options options) : options_(std::move(options)) {
    auto const record = options_.folder / record_name;
    std::error_code ignored;
    check_folder(options_.folder, options_.resume);
    remove_pieces();
    last_ = last_snapshot(options_.folder);
    if (has_snapshot()) {
      check_same_run(record);
    } else {
      std::filesystem::create_directories(options_.folder, ignored);
      write_state(record, record_holds, options_.run);
    }
  }
  census_snapshots(census_snapshots const&) = delete;
  census_snapshots& operator=(census_snapshots const&) = delete;
  ~census_snapshots() {
    stop();
    if (last_ == 0) remove();  // nothing would be lost
  }

  /// Throws bad_input where a folder of this kind holds an unfinished census that there is a snapshot of, and none is
  /// to be resumed, or what is in the way of a new one.
  static void check_folder(std::filesystem::path const& folder, bool resume) {
    std::error_code ignored;
    if (!std::filesystem::exists(folder, ignored)) return;
    if (!std::filesystem::is_directory(folder, ignored))
      throw bad_input(folder.string(), "is in the way: it is no folder, and an unfinished census lies in one");
    if (!resume) refuse_unfinished(folder);
    if (last_snapshot(folder) == 0) check_nothing_is_in_the_way(folder);
  }

  /// Throws bad_input where a folder of this kind holds an unfinished census that there is a snapshot of.
  static void refuse_unfinished(std::filesystem::path const& folder) {
    if (last_snapshot(folder) > 0)
      throw bad_input(folder.string(), "holds an unfinished census; census take --resume goes on with it, and "
                                       "without this folder a new one begins");
  }

  std::filesystem::path const& folder() const { return options_.folder; }

  /// Whether there is a snapshot to go on from.
  bool has_snapshot() const { return last_ > 0; }

  /// Restores what the last snapshot stored, in place. Throws bad_input naming the file.
  template <class State>
  void restore(State& state) const {
    read_state(snapshot_path(last_), snapshot_holds, state);
  }

  /// For blocks go by while snapshots may fail: throws what kept one from being taken, if anything did.
  template <activation_block B>
  void observe(B const&) const {
    if (failed_) std::rethrow_exception(problem_);
  }

  /// From here on `state` is stored every so often, and when the run is interrupted, by another thread that holds
  /// `in_step`: state.serialize(archive), and state.stored() once that has reached the disk. stop() ends it, and may be
  /// called by who holds `in_step`: where an error ends a step, what is done by half is never stored.
  template <class State>
  void watch(State& state, std::mutex& in_step) {
    watched_ = [this, &state, &in_step] {
      std::unique_lock alone(in_step, std::defer_lock);
      while (!stopped_ && !alone.try_lock()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (stopped_) return false;
      take(state);
      return true;
    };
    if (options_.when_interrupted) signals_.emplace();
    watcher_ = std::thread([this] { wait_and_take(); });
  }

  /// Takes a snapshot now. Precondition: nobody changes the state.
  template <class State>
  void take(State& state) {
    write_state(snapshot_path(last_ + 1), snapshot_holds, state);
    std::error_code ignored;
    std::filesystem::remove(snapshot_path(last_++), ignored);
    state.stored();
  }

  void stop() {
    if (!watcher_.joinable()) return;
    {
      std::scoped_lock const alone(stopping_);
      stopped_ = true;
    }
    stop_now_.notify_all();
    if (signals_) signals_->wake();
    watcher_.join();
    signals_.reset();
  }

  /// Keeps the result of a finished layer.
  void keep(layer_result const& result) const { write_state(result_path(result.census.layer), result_holds, result); }
  layer_result result(std::uint32_t layer) const {
    layer_result kept;
    read_state(result_path(layer), result_holds, kept);
    return kept;
  }

  /// The census is done, and its results lie elsewhere: removes the folder, but for files that are not its own. The
  /// record, which tells that the others are, goes last.
  void remove() {
    stop();
    std::error_code ignored;
    for_each_file(options_.folder, [&](std::string const& name, std::filesystem::path const& path) {
      if (detail::is_unfinished_file(name) && name != record_name) std::filesystem::remove(path, ignored);
    });
    std::filesystem::remove(options_.folder / record_name, ignored);
    std::filesystem::remove(options_.folder, ignored);
  }

 private:
  static constexpr char const *record_name = "run.safetensors", *record_holds = "what an unfinished census is of",
                              *snapshot_holds = "a census in progress", *result_holds = "the result of a layer";

  static std::string snapshot_name(std::uint64_t number) {
    return "snapshot-" + std::to_string(number) + ".safetensors";
  }
  std::filesystem::path snapshot_path(std::uint64_t number) const { return options_.folder / snapshot_name(number); }
  std::filesystem::path result_path(std::uint32_t layer) const {
    return options_.folder / ("layer-" + std::to_string(layer) + ".safetensors");
  }

  /// Calls visit(name, path) with each regular file in a folder.
  template <class Visit>
  static void for_each_file(std::filesystem::path const& folder, Visit const& visit) {
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator(folder, ignored))
      if (entry.symlink_status(ignored).type() == std::filesystem::file_type::regular)
        visit(entry.path().filename().string(), entry.path());
  }

  /// The number of the last snapshot in a folder; 0: there is none.
  static std::uint64_t last_snapshot(std::filesystem::path const& folder) {
    std::uint64_t last = 0;
    for_each_file(folder,
                  [&](std::string const& name, auto const&) { last = std::max(last, number_of_snapshot(name)); });
    return last;
  }

  /// What lies where a census begins: files of one that had no snapshot yet, as its record says, or another's.
  static void check_nothing_is_in_the_way(std::filesystem::path const& folder) {
    std::error_code ignored;
    auto const record = folder / record_name;
    if (std::filesystem::exists(std::filesystem::symlink_status(record, ignored))) {
      std::vector<std::pair<std::string, std::string>> begun;
      read_state(record, record_holds, begun);
      return;
    }
    for_each_file(folder, [](std::string const& name, std::filesystem::path const& path) {
      if (detail::is_unfinished_file(name))
        throw bad_input(path.string(), "is in the way, and no " + std::string(record_name) +
                                           " beside it says that a census wrote it; nothing is replaced");
    });
  }

  void check_same_run(std::filesystem::path const& record) const {
    std::vector<std::pair<std::string, std::string>> begun;
    read_state(record, record_holds, begun);
    auto const value = [](auto const& run, std::string const& name) {
      auto const found = std::ranges::find(run, name, &std::pair<std::string, std::string>::first);
      return found == run.end() ? std::string("without it") : "with " + found->second;
    };
    auto names = begun;
    names.insert(names.end(), options_.run.begin(), options_.run.end());
    for (auto const& [name, told] : names)
      if (auto const before = value(begun, name), now = value(options_.run, name); before != now)
        throw bad_input(options_.folder.string(), "the unfinished census has another " + name + ": it was begun " +
                                                      before + ", and would be resumed " + now);
  }

  /// What a killed run was writing goes.
  void remove_pieces() const {
    for_each_file(options_.folder, [](std::string const& name, std::filesystem::path const& path) {
      std::error_code ignored;
      if (detail::is_unfinished_file(new_file::written_beside(name))) std::filesystem::remove(path, ignored);
    });
  }

  static std::uint64_t number_of_snapshot(std::string const& name) {
    std::uint64_t number = 0;
    for (std::size_t i = std::string("snapshot-").size(); i < name.size() && name[i] >= '0' && name[i] <= '9'; ++i)
      number = 10 * number + static_cast<std::uint64_t>(name[i] - '0');
    return name == snapshot_name(number) ? number : 0;
  }

  /// The watching thread.
  void wait_and_take() {
    using std::chrono::milliseconds;
    constexpr milliseconds an_hour{60 * 60 * 1000};
    milliseconds const every = options_.every.count() > 0 ? std::min<milliseconds>(options_.every, an_hour) : an_hour;
    auto last = std::chrono::steady_clock::now();
    while (!stopped_) {
      auto const signal = wait(failed_ ? an_hour : every);
      bool const is_time = options_.every.count() > 0 && std::chrono::steady_clock::now() - last >= options_.every;
      bool is_taken = false;
      if (signal || is_time) is_taken = try_to_take(), last = std::chrono::steady_clock::now();
      if (!signal) continue;
      if (is_taken || !stopped_)
        options_.when_interrupted(*signal, failed_ ? message_of(problem_) : std::string());
      else
        signals_->give_back(*signal);  // for when they are gone
    }
  }
  /// Whether a snapshot was taken; after one that failed, none is.
  bool try_to_take() {
    try {
      return !failed_ && watched_();
    } catch (...) {
      problem_ = std::current_exception();
      failed_ = true;
      return false;
    }
  }
  /// For so long; a signal, where one came.
  std::optional<int> wait(std::chrono::milliseconds time) {
    if (signals_) return signals_->wait(time);
    std::unique_lock alone(stopping_);
    stop_now_.wait_for(alone, time, [&] { return stopped_.load(); });
    return std::nullopt;
  }

  static std::string message_of(std::exception_ptr const& problem) {
    try {
      std::rethrow_exception(problem);
    } catch (std::exception const& error) {
      return error.what();
    } catch (...) {
      return "an unknown error";
    }
  }

  snapshot_options options_;
  std::uint64_t last_ = 0;  // the number of the last snapshot; 0: there is none
  std::optional<interrupts> signals_;
  std::function<bool()> watched_;  // takes a snapshot, unless it is to stop
  std::atomic<bool> stopped_ = false, failed_ = false;
  std::exception_ptr problem_;
  std::mutex stopping_;
  std::condition_variable stop_now_;
  std::thread watcher_;
};

}  // namespace census
